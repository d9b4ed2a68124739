#include "host/orphans.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lines.h"
#include "base/whole_number.h"
#include "output/tree/directory.h"

namespace tunec::host {
namespace {

std::string text_of(pid_t process, const char* file) {
  const Fd fd(::open(fmt::format("/proc/{}/{}", process, file).c_str(), O_RDONLY | O_CLOEXEC));
  std::string text;
  char buffer[4096];
  for (ssize_t count = 0; fd.get() >= 0 && (count = ::read(fd.get(), buffer, sizeof buffer)) > 0;)
    text.append(buffer, static_cast<std::size_t>(count));
  return text;
}

// Whose it is: nobody else may hold up root, nor may a container's root.
bool is_own(pid_t process) {
  struct stat status {
  }, own{}, other{};
  const std::string folder = fmt::format("/proc/{}", process);
  return ::stat(folder.c_str(), &status) == 0 && status.st_uid == ::geteuid() &&
         ::stat("/proc/self/ns/pid", &own) == 0 && ::stat((folder + "/ns/pid").c_str(), &other) == 0 &&
         own.st_ino == other.st_ino;
}

bool is_marked(pid_t process) {
  const std::string environment = text_of(process, "environ");
  for (const std::string_view variable : split(environment, '\0')) {
    if (variable.substr(0, variable.find('=')) == command_marker) return true;
  }
  return false;
}

std::optional<pid_t> marked_process() {
  const Fd proc(::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (proc.get() < 0) return std::nullopt;
  for (const std::string& name : names_in(proc.get(), "/proc")) {
    const auto process = whole_number<pid_t>(name);
    if (process && *process != ::getpid() && is_own(*process) && is_marked(*process)) return process;
  }
  return std::nullopt;
}

}  // namespace

void wait_for_orphans(const Say& warn) {
  constexpr std::chrono::milliseconds pause(100);
  constexpr std::chrono::minutes longest(15);
  const auto begun = std::chrono::steady_clock::now();
  bool is_said = false;
  while (const std::optional<pid_t> process = marked_process()) {
    if (!is_said)
      warn(fmt::format("waits for process {}, which a tunec-host that was killed has started\n", *process));
    is_said = true;
    if (SignalsHeld::is_one_waiting() || std::chrono::steady_clock::now() - begun > longest)
      throw Refused{
          fmt::format("process {} still changes this machine: wait until it ends, or end it", *process)};
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace tunec::host
