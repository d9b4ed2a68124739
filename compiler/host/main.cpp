// tunec-host: brings one host to what its tree says, and back. The commands and options stand here as tables.
#include <cstdio>
#include <span>
#include <string>
#include <string_view>

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/whole_number.h"
#include "host/bench/bench.h"
#include "host/cli/command_line.h"
#include "host/commands.h"
#include "output/tree/directory.h"

namespace tunec::host {
namespace {

constexpr std::string_view help_begin = R"(tunec-host: brings this host to what its tree says, and back

usage: tunec-host COMMAND [OPTIONS]

)";
constexpr std::string_view help_end = R"(
TREE is what `tunec compile` wrote, or the directory of one host in it.
It never restarts a service or reboots: `apply` says which commands are left to you.

exit codes: 0 as wanted; 1 failed, and undone; 2 wrong usage, a refusal, or files that cannot be read or
written; 3 a restart or a reboot is left to do; 4 the host differs (a dry run: it would change)
)";

int number_of(const std::string& text, const char* meaning) {
  const auto number = whole_number<int>(text);
  if (!number) throw Refused{fmt::format("`{}` is no number of {}", text, meaning)};
  return *number;
}

const Command commands[] = {
    {"apply", "TREE", 1, 1,
     "show what would change: files, values of the kernel, commands. Writes nothing unless --now is given",
     [](const Machine& machine, const Arguments& given) {
       const ApplyMode mode = given.has("--stage") ? ApplyMode::stage
                              : given.has("--now") ? ApplyMode::now
                                                   : ApplyMode::dry_run;
       return apply(machine, {given.operands[0], given.value("--host"), given.has("--any-platform")}, mode,
                    given.has("--force"));
     }},
    {"rollback", "[N]", 0, 1, "take back the last generation, or all from the last to N",
     [](const Machine& machine, const Arguments& given) {
       const auto number = given.operands.empty()
                               ? std::nullopt
                               : std::optional(number_of(given.operands[0], "a generation"));
       return rollback(machine, number, given.has("--force"));
     }},
    {"resume", "", 0, 0, "finish what was interrupted",
     [](const Machine& machine, const Arguments&) { return resume(machine); }},
    {"list", "", 0, 0, "the generations that can be taken back, and those that were",
     [](const Machine& machine, const Arguments&) { return list(machine); }},
    {"status", "", 0, 0, "the generation in place, and what is left to do",
     [](const Machine& machine, const Arguments&) { return status(machine); }},
    {"verify", "", 0, 0, "compare each file and each value with what the generation in place says",
     [](const Machine& machine, const Arguments& given) {
       if (given.has("--junit")) return verify(machine, ReportForm::junit);
       if (given.has("--prometheus")) return verify(machine, ReportForm::prometheus);
       return verify(machine, given.has("--json") ? ReportForm::json : ReportForm::table);
     }},
    {"capture", "", 0, 0,
     "write what `verify` reads as a tar archive, without secrets, for `tunec verify` on another machine",
     [](const Machine& machine, const Arguments& given) {
       return capture(machine, given.has("-o") ? given.value("-o") : "-");
     }},
    {"bench", "", 0, 0,
     "measure this machine: those of the guides' benchmarks that are installed, in turns; prints JSON for "
     "`tunec bench compare`",
     [](const Machine& machine, const Arguments& given) {
       BenchOptions bench_options;
       bench_options.quick = given.has("--quick");
       if (given.has("--rounds")) bench_options.rounds = number_of(given.value("--rounds"), "rounds");
       bench_options.peer = given.value("--peer");
       if (given.has("--directory")) bench_options.directory = given.value("--directory");
       bench_options.benchmarks = given.value("--benchmarks");
       return bench(machine, bench_options);
     }},
};

const Option options[] = {
    {"--now", "", {"apply"}, "change the host, as a new generation; if a step fails, everything is undone"},
    {"--stage", "", {"apply"}, "write the files only: everything counts from the next boot, of an image too"},
    {"--root",
     "DIR",
     {"apply", "rollback", "resume", "list", "status", "verify"},
     "of another system's files, such as an image: files only, nothing live is touched"},
    {"--host", "NAME", {"apply"}, "the host whose tree it is, if this machine has another name"},
    {"--any-platform", "", {"apply"}, "whatever the machine's os-release says"},
    {"--force",
     "",
     {"apply", "rollback"},
     "although the look before an apply found a reason not to; also over what somebody else changed since"},
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

Machine machine_of(const Arguments& arguments) {
  Machine machine;
  if (arguments.has("--root")) {
    machine.root = arguments.value("--root");
    machine.live = false;
  }
  machine.run = run_shell;
  machine.output = output_of_shell;
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
      std::fputs(fmt::format("{}{}{}", help_begin, help_text(commands, options), help_end).c_str(), stdout);
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
