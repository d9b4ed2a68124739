// tunec-host: brings one host to what its tree says, and back. The commands and options stand here as tables.
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/whole_number.h"
#include "host/bench/bench.h"
#include "host/cli/command_line.h"
#include "host/commands.h"
#include "host/live.h"
#include "host/orphans.h"
#include "host/trial/settle.h"
#include "host/trial/trial.h"
#include "output/tree/directory.h"

namespace tunec::host {
namespace {

constexpr std::string_view help_begin = R"(tunec-host: brings this host to what its tree says, and back

usage: tunec-host COMMAND [OPTIONS]

)";
constexpr std::string_view help_end = R"(
TREE is what `tunec compile` wrote, or the directory of one host in it.
tunec-host restarts services only with --restart, and reboots only for a trial: `apply` says which commands
are left to you.

exit codes: 0 as wanted; 1 failed, and undone (of status: the last trial fell back); 2 wrong usage, a
refusal, or files that cannot be read or written; 3 a restart or a reboot is left to do, or a trial is open;
4 the host differs (a dry run: it would change)
)";

int number_of(const std::string& text, const char* meaning) {
  const auto number = whole_number<int>(text);
  if (!number) throw Refused{fmt::format("`{}` is no number of {}", text, meaning)};
  return *number;
}

// "10m" → 600
int seconds_of(const std::string& text) {
  constexpr std::string_view units = "smh";
  constexpr int seconds[] = {1, 60, 3600}, most = 24 * 3600;
  const std::size_t unit = text.empty() ? units.npos : units.find(text.back());
  const auto count = whole_number<int>(std::string_view(text).substr(0, text.empty() ? 0 : text.size() - 1));
  if (!count || unit == units.npos || *count < 1 || *count > most / seconds[unit])
    throw Refused{fmt::format("`{}` is no time up to a day, such as 90s, 10m or 2h", text)};
  return *count * seconds[unit];
}

int run_apply(const Machine& machine, const Arguments& given) {
  const TreeChoice choice{given.operands[0], given.value("--host"), given.has("--any-platform")};
  if (int{given.has("--now")} + int{given.has("--stage")} + int{given.has("--trial")} > 1)
    throw Refused{"`--now`, `--stage` and `--trial` exclude one another"};
  if (given.has("--restart") && (given.has("--stage") || given.has("--trial") || !machine.live))
    throw Refused{"`--restart` is for `apply --now` on a running machine: a boot starts everything anew"};
  if (given.has("--trial"))
    return apply_trial(machine, choice,
                       {given.has("--confirm-within") ? seconds_of(given.value("--confirm-within")) : 0,
                        given.has("--reboot"), given.has("--force")});
  if (given.has("--reboot") || given.has("--confirm-within"))
    throw Refused{"`--reboot` and `--confirm-within` belong to `apply --trial`"};
  const ApplyMode mode = given.has("--stage") ? ApplyMode::stage
                         : given.has("--now") ? ApplyMode::now
                                              : ApplyMode::dry_run;
  return apply(machine, choice, {mode, given.has("--force"), given.has("--restart")});
}

int run_rollback(const Machine& machine, const Arguments& given) {
  const auto number = given.operands.empty() ? std::nullopt
                                             : std::optional(number_of(given.operands[0], "a generation"));
  if (given.has("--dry-run")) return show_rollback(machine, number);
  const std::optional<int> code = rollback_trial(machine, number, given.has("--force"));
  return code ? *code : rollback(machine, number, given.has("--force"));
}

int run_resume(const Machine& machine, const Arguments&) {
  const std::optional<int> code = resume_trial(machine);
  return code ? *code : resume(machine);
}

int run_verify(const Machine& machine, const Arguments& given) {
  if (int{given.has("--json")} + int{given.has("--junit")} + int{given.has("--prometheus")} > 1)
    throw Refused{"`--json`, `--junit` and `--prometheus` exclude one another"};
  if (given.has("--junit")) return verify(machine, ReportForm::junit);
  if (given.has("--prometheus")) return verify(machine, ReportForm::prometheus);
  return verify(machine, given.has("--json") ? ReportForm::json : ReportForm::table);
}

int run_bench(const Machine& machine, const Arguments& given) {
  BenchOptions bench_options;
  bench_options.quick = given.has("--quick");
  if (given.has("--rounds")) bench_options.rounds = number_of(given.value("--rounds"), "rounds");
  bench_options.peer = given.value("--peer");
  if (given.has("--directory")) bench_options.directory = given.value("--directory");
  bench_options.benchmarks = given.value("--benchmarks");
  return bench(machine, bench_options);
}

// For systemd, in a trial (trial/units.h).
int run_boot(const Machine& machine, const Arguments& given) {
  const std::string moment = given.operands.empty() ? "" : given.operands[0];
  if (moment.empty()) return boot(machine);
  if (moment == "judge") return judge(machine);
  if (moment == "overdue") return overdue(machine, false);
  if (moment == "unconfirmed") return overdue(machine, true);
  throw Refused{"`boot` is for systemd, in a trial"};
}

const Command commands[] = {
    {"apply", "TREE", 1, 1,
     "show what would change: files, values of the kernel, commands. Writes nothing without --now, --stage "
     "or "
     "--trial",
     run_apply},
    {"confirm", "", 0, 0, "make what is on trial last (needed after `apply --trial --confirm-within` only)",
     [](const Machine& machine, const Arguments&) { return confirm(machine); }},
    {"rollback", "[N]", 0, 1, "take back the last generation, or all from the last to N; cancel a trial",
     run_rollback},
    {"resume", "", 0, 0, "finish what was interrupted", run_resume},
    {"list", "", 0, 0, "the generations that can be taken back, and those that were",
     [](const Machine& machine, const Arguments&) { return report_with_trial(machine, list); }},
    {"status", "", 0, 0, "the generation in place, and what is left to do",
     [](const Machine& machine, const Arguments&) { return report_with_trial(machine, status); }},
    {"verify", "", 0, 0, "compare the host with the generation in place: files, values, effects, units",
     run_verify},
    {"capture", "", 0, 0,
     "write what `verify` reads as a tar archive, without secrets, for `tunec verify` on another machine",
     [](const Machine& machine, const Arguments& given) {
       return capture(machine, given.has("-o") ? given.value("-o") : "-");
     }},
    {"bench", "", 0, 0,
     "measure this machine: those of the guides' benchmarks that are installed, in turns; prints JSON for "
     "`tunec bench compare`",
     run_bench},
    {"boot", "", 0, 1, "", run_boot},
};

const Option options[] = {
    {"--now", "", {"apply"}, "change the host, as a new generation; if a step fails, everything is undone"},
    {"--stage", "", {"apply"}, "write the files only: everything counts from the next boot, of an image too"},
    {"--trial",
     "",
     {"apply"},
     "boot the tree once, and keep it if that boot is good, also for the checks in /etc/tunec/health.d: else "
     "the machine boots the old line, with the old files"},
    {"--confirm-within",
     "TIME",
     {"apply"},
     "of a trial: also wait for `confirm`, from when the boot is complete, or fall back (10m)"},
    {"--reboot", "", {"apply"}, "of a trial: reboot at once, after what is in /etc/tunec/before-reboot.d"},
    {"--dry-run", "", {"rollback"}, "show what it would do, and do nothing"},
    {"--restart",
     "",
     {"apply"},
     "with --now: also restart the services of changed files, but none that would stop guests"},
    {"--root",
     "DIR",
     {"apply", "rollback", "resume", "list", "status", "verify"},
     "of another system's files, such as an image: files only, nothing live is touched"},
    {"--host", "NAME", {"apply"}, "the host whose tree it is, if this machine has another name"},
    {"--any-platform", "", {"apply"}, "whatever the machine's os-release says"},
    {"--force",
     "",
     {"apply", "rollback"},
     "although the look before an apply found a reason not to; of rollback: although somebody else changed "
     "what it "
     "would write"},
    {"-o", "FILE", {"capture"}, "instead of standard output"},
    {"--json", "", {"verify"}, "for programs"},
    {"--junit", "", {"verify"}, "for pipelines"},
    {"--prometheus", "", {"verify"}, "for the textfile directory of Prometheus' node exporter"},
    {"--quick", "", {"bench"}, "shorter runs"},
    {"--rounds", "N", {"bench"}, "how often each benchmark is run: 7, with --quick 6"},
    {"--peer", "HOST", {"bench"}, "measure the network too: `iperf3 -s` has to run on HOST"},
    {"--directory", "DIR", {"bench"}, "measure the disk of DIR, not of /var/tmp"},
    {"--benchmarks", "FILE", {"bench"}, "other benchmarks than those of the guides"},
    {"--help", "", {}, "this text"},
    {"--version", "", {}, "the version"},
};

int run_shell(const std::string& command) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::setenv(command_marker, "1", 1);
    ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
  }
  int status = 0;
  if (child < 0) return 127;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return 127;
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::optional<std::string> output_of_shell(const std::string& command) {
  std::FILE* pipe = ::popen((command + " 2>/dev/null").c_str(), "re");
  if (pipe == nullptr) return std::nullopt;
  std::string text;
  char buffer[4096];
  for (std::size_t count = 0; (count = std::fread(buffer, 1, sizeof buffer, pipe)) > 0;)
    text.append(buffer, count);
  return ::pclose(pipe) == 0 ? std::optional(text) : std::nullopt;
}

std::string own_path() {
  char path[4096];
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
  return length > 0 ? std::string(path, static_cast<std::size_t>(length)) : "";
}

Machine machine_of(const Arguments& arguments) {
  Machine machine;
  if (arguments.has("--root")) {
    machine.root = arguments.value("--root");
    machine.live = false;
  }
  machine.run = run_shell;
  machine.output = output_of_shell;
  machine.write = write_kernel_file;
  machine.settle = freeze_and_thaw;
  machine.program = own_path();
  machine.say = [](const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); };
  machine.warn = [](const std::string& text) {
    std::fflush(stdout);
    std::fputs(("tunec-host: " + text).c_str(), stderr);
  };
  return machine;
}

int main_of(std::span<const char* const> given) {
  std::string error;
  try {
    const Arguments arguments = parse(given, commands, options);
    if (arguments.has("--help")) {
      const std::string text = arguments.command.empty()
                                   ? fmt::format("{}{}", help_begin, help_text(commands, options))
                                   : help_text(command_of(arguments, commands), options);
      std::fputs(fmt::format("{}{}", text, help_end).c_str(), stdout);
      return exit_as_wanted;
    }
    if (arguments.has("--version")) {
      std::fputs("tunec-host " TUNEC_VERSION "\n", stdout);
      return exit_as_wanted;
    }
    return command_of(arguments, commands).run(machine_of(arguments), arguments);
  } catch (const Refused& refused) {
    error = refused.text;
  } catch (const Failed& failed) {
    error = failed.text;
  } catch (const TreeFault& fault) {
    error = fault.text;
  }
  std::fflush(stdout);
  std::fputs(fmt::format("tunec-host: {}\n", error).c_str(), stderr);
  return exit_usage_or_io;
}

}  // namespace
}  // namespace tunec::host

int main(int count, char** arguments) {
  return tunec::host::main_of({arguments + 1, static_cast<std::size_t>(count > 0 ? count - 1 : 0)});
}
