// tunec-host: brings one host to what its tree says, and back. The command line is parsed here, by hand: the
// program is linked statically and stays small.
#include <charconv>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <cerrno>
#include <csignal>
#include <cstring>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host/commands.h"
#include "host/trial/settle.h"
#include "host/trial/trial.h"
#include "output/tree/directory.h"

namespace tunec::host {
namespace {

constexpr std::string_view help = R"(tunec-host: brings this host to what its tree says, and back

usage: tunec-host COMMAND [OPTIONS]

  apply TREE       show what would change: files, values of the kernel, commands. A dry run: writes nothing
  apply TREE --now change it, as a new generation; if a step fails, everything is undone
  apply TREE --trial
                   boot it once: the files are put in place, but GRUB's own configuration stays as it is. If
                   that boot fails, or differs from the tree, the machine boots the old one with its old files
  confirm          make what is on trial last (needed after `apply --trial --confirm-within` only)
  rollback [N]     take back the last generation, or all from the last to N
  resume           finish what was interrupted
  list             the generations that can be taken back, and those that were
  status           the generation in place, and what is left to do
  verify [--json]  compare each file and each value with what the generation in place says

TREE is what `tunec compile` wrote, or the directory of one host in it.

  --root DIR       of another system's files, such as an image: files only, nothing live is touched
  --host NAME      the host whose tree it is, if this machine has another name
  --any-platform   whatever the machine's os-release says
  --confirm-within 10m
                   of --trial: also wait for `confirm`, from when the boot is complete, or fall back
  --reboot         of --trial: reboot at once
  --force          rollback: also over what somebody else changed since
  --help, --version

It restarts no service, and reboots only for a trial: `apply` says which commands are left to you.

exit codes: 0 as wanted; 1 failed, and undone; 2 wrong usage, a refusal, or files that cannot be read or
written; 3 a restart or a reboot is left to do; 4 the host differs (a dry run: it would change)
)";

// Of the commands that are planned: refused rather than half done.
constexpr std::string_view not_there_yet[] = {"--restart",    "--stage", "--junit",
                                              "--prometheus", "capture", "bench"};

struct Arguments {
  std::vector<std::string> words;  // the command first
  std::string root, host, confirm_within;
  bool trial = false, reboot = false;
  bool now = false, json = false, force = false, any_platform = false, help = false, version = false;
};

Arguments parse(std::span<const char* const> given) {
  Arguments arguments;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string_view word = given[i];
    for (const std::string_view later : not_there_yet) {
      if (word == later) throw Refused{fmt::format("`{}` is not there yet", word)};
    }
    const auto value = [&]() -> std::string {
      if (i + 1 == given.size()) throw Refused{fmt::format("`{}` needs a value", word)};
      return given[++i];
    };
    if (word == "--root") arguments.root = value();
    else if (word == "--host") arguments.host = value();
    else if (word == "--confirm-within") arguments.confirm_within = value();
    else if (word == "--trial") arguments.trial = true;
    else if (word == "--reboot") arguments.reboot = true;
    else if (word == "--now") arguments.now = true;
    else if (word == "--json") arguments.json = true;
    else if (word == "--force") arguments.force = true;
    else if (word == "--any-platform") arguments.any_platform = true;
    else if (word == "--help" || word == "-h") arguments.help = true;
    else if (word == "--version") arguments.version = true;
    else if (word.starts_with("-")) throw Refused{fmt::format("there is no option `{}`", word)};
    else arguments.words.emplace_back(word);
  }
  return arguments;
}

int run_shell(const std::string& command) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    // Or it would go on changing what somebody takes back meanwhile.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
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

// What a command writes to its standard output.
std::optional<std::string> ask_shell(const std::string& command) {
  std::fflush(nullptr);
  std::FILE* pipe = ::popen(command.c_str(), "re");
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

// "10m" → 600
int seconds_of(const std::string& text) {
  constexpr std::string_view units = "smh";
  constexpr int seconds[] = {1, 60, 3600}, most = 24 * 3600;
  int count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  const std::size_t unit = end + 1 == text.data() + text.size() ? units.find(*end) : units.npos;
  if (error != std::errc() || unit == units.npos || count < 1 || count > most / seconds[unit])
    throw Refused{fmt::format("`{}` is no time up to a day, such as 90s, 10m or 2h", text)};
  return count * seconds[unit];
}

Machine machine_of(const Arguments& arguments) {
  Machine machine;
  if (!arguments.root.empty()) {
    machine.root = arguments.root;
    machine.live = false;
  }
  machine.run = run_shell;
  machine.ask = ask_shell;
  machine.settle = freeze_and_thaw;
  machine.program = own_path();
  machine.say = [](const std::string& text) { std::fputs(text.c_str(), stdout); };
  machine.warn = [](const std::string& text) {
    std::fflush(stdout);
    std::fputs(("tunec-host: " + text).c_str(), stderr);
  };
  return machine;
}

int number_of(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw Refused{fmt::format("`{}` is no number of a generation", text)};
  return number;
}

TrialOptions trial_options(const Arguments& arguments) {
  return {arguments.confirm_within.empty() ? 0 : seconds_of(arguments.confirm_within), arguments.reboot};
}

// For systemd, in a trial: not for people.
int run_boot(const Machine& machine, const std::vector<std::string>& words) {
  if (words.size() == 1) return boot(machine);
  if (words.size() == 2 && words[1] == "judge") return judge(machine);
  if (words.size() == 2 && words[1] == "overdue") return overdue(machine, false);
  if (words.size() == 2 && words[1] == "unconfirmed") return overdue(machine, true);
  throw Refused{"`boot` is for systemd, in a trial"};
}

int run(const Arguments& arguments) {
  const std::vector<std::string>& words = arguments.words;
  if (words.empty()) throw Refused{"a command is missing: see tunec-host --help"};
  const Machine machine = machine_of(arguments);
  const std::string& command = words.front();
  const auto takes = [&](std::size_t least, std::size_t most, const char* which) {
    if (words.size() - 1 < least || words.size() - 1 > most)
      throw Refused{fmt::format("`{}` takes {}", command, which)};
  };
  // An option that a command would ignore could be meant for another one.
  const auto only = [&](bool given, const char* option, std::string_view of) {
    if (given && command != of) throw Refused{fmt::format("`{}` has no option `{}`", command, option)};
  };
  only(arguments.now, "--now", "apply");
  only(!arguments.host.empty(), "--host", "apply");
  only(arguments.any_platform, "--any-platform", "apply");
  only(arguments.trial, "--trial", "apply");
  if (!arguments.trial && (arguments.reboot || !arguments.confirm_within.empty()))
    throw Refused{"`--reboot` and `--confirm-within` belong to `apply --trial`"};
  only(arguments.json, "--json", "verify");
  only(arguments.force, "--force", "rollback");
  if (command == "apply") {
    takes(1, 1, "one TREE");
    if (arguments.trial && arguments.now) throw Refused{"`--trial` and `--now` exclude each other"};
    if (arguments.trial)
      return apply_trial(machine, {words[1], arguments.host, arguments.any_platform},
                         trial_options(arguments));
    return apply(machine, {words[1], arguments.host, arguments.any_platform}, arguments.now);
  }
  if (command == "rollback") {
    takes(0, 1, "at most one number of a generation");
    const auto number = words.size() > 1 ? std::optional(number_of(words[1])) : std::nullopt;
    const std::optional<int> code = rollback_trial(machine, number, arguments.force);
    return code ? *code : rollback(machine, number, arguments.force);
  }
  if (command == "boot") return run_boot(machine, words);
  takes(0, 0, "no argument");
  if (command == "confirm") return confirm(machine);
  if (command == "resume") {
    const std::optional<int> code = resume_trial(machine);
    return code ? *code : resume(machine);
  }
  if (command == "list") return report_with_trial(machine, list);
  if (command == "status") return report_with_trial(machine, status);
  if (command == "verify") return verify(machine, arguments.json);
  throw Refused{fmt::format("there is no command `{}`: see tunec-host --help", command)};
}

int main_of(std::span<const char* const> given) {
  std::string error;
  try {
    const Arguments arguments = parse(given);
    if (arguments.help || arguments.version) {
      std::fputs(arguments.help ? std::string(help).c_str() : "tunec-host " TUNEC_VERSION "\n", stdout);
      return exit_as_wanted;
    }
    return run(arguments);
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
