#include "host/trial/hooks.h"

#include <algorithm>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lines.h"
#include "host/files.h"
#include "host/shell.h"

namespace tunec::host {
namespace {

constexpr std::string_view printed = "run/tunec-hook";
constexpr int killed = 128 + 9;
constexpr std::string_view path_of_root = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// What editors and dpkg leave beside a file is not meant.
bool is_leftover(std::string_view name) {
  return name.starts_with('.') || name.ends_with('~') || name.find(".dpkg-") != name.npos;
}

// The last line that says something. It goes to terminals, so it has no control characters.
std::string last_line(std::string_view text) {
  constexpr std::size_t longest = 200;
  std::string last;
  while (!text.empty()) {
    std::string line(next_line(text));
    std::erase_if(line, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
    if (line.find_first_not_of(' ') != line.npos) last = line.substr(0, longest);
  }
  return last;
}

std::string how_it_failed(int status, int seconds, const std::string& last) {
  std::string text = status == killed
                         ? fmt::format("was killed, by somebody or since it took longer than {} s", seconds)
                         : fmt::format("failed with status {}", status);
  if (!last.empty()) text += fmt::format(", and printed `{}` last", last);
  return text;
}

// Whoever can write what root runs could do everything. Empty: nobody else can.
std::string why_open_to_others(const struct stat& status) {
  if (status.st_uid != ::geteuid()) return "does not belong to root: chown root gives it to root";
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return "can be written by others than root: chmod go-w ends that";
  return "";
}

// Why root does not run it; empty: it does.
std::string why_not(const struct stat& status) {
  if (!S_ISREG(status.st_mode) || (status.st_mode & S_IXUSR) == 0)
    return "is no executable file: chmod +x makes it one";
  return why_open_to_others(status);
}

}  // namespace

HookNames names_of(const Machine& machine, const Hooks& hooks) {
  HookNames result;
  const Files files(machine.root);
  std::vector<std::string> names = files.names(std::string(hooks.directory));
  std::ranges::sort(names);
  struct stat folder {};
  const bool is_there = ::fstatat(files.descriptor(), std::string(hooks.directory).c_str(), &folder, 0) == 0;
  if (const std::string why = is_there ? why_open_to_others(folder) : ""; !why.empty() && !names.empty())
    return {{}, {fmt::format("/{} {}", hooks.directory, why)}};
  for (std::string& name : names) {
    struct stat status {};
    const std::string path = fmt::format("{}/{}", hooks.directory, name);
    const bool leads_somewhere = ::fstatat(files.descriptor(), path.c_str(), &status, 0) == 0;
    if (is_leftover(name) || (leads_somewhere && S_ISDIR(status.st_mode))) continue;
    const std::string why = leads_somewhere ? why_not(status) : "is a link to nothing: remove it";
    if (why.empty()) result.runs.push_back(std::move(name));
    else result.refused.push_back(fmt::format("/{} {}", path, why));
  }
  return result;
}

std::vector<std::string> run_hooks(const Machine& machine, const Hooks& hooks, int generation) {
  const Files files(machine.root);
  const std::string output = files.shown(printed);
  const HookNames names = names_of(machine, hooks);
  std::vector<std::string> failures = names.refused;  // somebody changed them since the trial was made
  if (!failures.empty() && !hooks.all) return failures;
  for (const std::string& name : names.runs) {
    const std::string path = fmt::format("/{}/{}", hooks.directory, name);
    machine.say(fmt::format("run: {}\n", path));
    files.set(printed, FileState{"", 0600, ::geteuid(), ::getegid(), std::nullopt, ""});  // for root's eyes
    // Nothing but KILL ends a program that inherits held signals. It writes to a file: of a pipe, something
    // that it leaves in the background would hold the other end.
    const int status = machine.run(
        fmt::format("env -i PATH={} TUNEC_GENERATION={} timeout --signal=KILL {} {} >{} 2>&1 </dev/null",
                    path_of_root, generation, hooks.seconds,
                    quoted(files.shown(fmt::format("{}/{}", hooks.directory, name))), quoted(output)));
    const State state = files.read(printed);
    const std::string text = state ? state->content : "";
    files.set(printed, std::nullopt);
    machine.say(text.empty() || text.ends_with('\n') ? text : text + "\n");
    if (status == 0) continue;
    failures.push_back(fmt::format("{} {}", path, how_it_failed(status, hooks.seconds, last_line(text))));
    if (!hooks.all) break;
  }
  return failures;
}

void refuse_what_cannot_run(const Machine& machine) {
  for (const Hooks& hooks : {health_checks, before_reboot, after_confirm}) {
    const HookNames names = names_of(machine, hooks);
    if (names.refused.empty()) continue;
    throw Refused{fmt::format("there can be no trial with this check or hook: {}", names.refused.front())};
  }
}

void announce_hooks(const Machine& machine) {
  const std::vector<std::string> checks = names_of(machine, health_checks).runs;
  if (checks.empty())
    machine.say(fmt::format("its boot is judged by what the tree says; /{} has no further checks\n",
                            health_checks.directory));
  else
    machine.say(fmt::format("its boot is judged by what the tree says, and by /{}: {}\n",
                            health_checks.directory, fmt::join(checks, ", ")));
}

}  // namespace tunec::host
