#include "host/evidence.h"

#include <algorithm>

#include <fcntl.h>
#include <fnmatch.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lines.h"
#include "host/live.h"

namespace tunec::host {
namespace {

bool is_pattern(std::string_view text) { return text.find_first_of("*?[") != text.npos; }

bool exists(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0;
}

std::vector<std::string> names_of(const std::string& directory) {
  const Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return fd.get() < 0 ? std::vector<std::string>() : names_in(fd.get(), directory);
}

// Directories are read for parts with stars only. The kernel's links between devices are followed.
std::vector<std::string> expand(const std::string& before, const std::string& pattern) {
  std::vector<std::string> found = {""};
  for (const std::string_view part : split(std::string_view(pattern).substr(1), '/')) {
    std::vector<std::string> next;
    for (const std::string& directory : found) {
      if (!is_pattern(part)) {
        next.push_back(directory + "/" + std::string(part));
        continue;
      }
      for (const std::string& name : names_of(before + directory)) {
        if (::fnmatch(std::string(part).c_str(), name.c_str(), FNM_PERIOD) == 0)
          next.push_back(directory + "/" + name);
      }
    }
    found = std::move(next);
  }
  std::erase_if(found, [&](const std::string& path) { return !exists(before + path); });
  std::ranges::sort(found);
  return found;
}

}  // namespace

bool fits_pattern(const std::string& pattern, const std::string& path) {
  return ::fnmatch(pattern.c_str(), path.c_str(), FNM_PATHNAME | FNM_PERIOD) == 0;
}

Evidence evidence_of(const Machine& machine) {
  Evidence evidence;
  evidence.is_running = machine.live;
  evidence.value = [&machine](const std::string& path) -> std::optional<std::string> {
    return machine.live ? read_value(machine, path) : std::nullopt;
  };
  evidence.paths = [&machine](const std::string& pattern) {
    return machine.live ? expand(machine.kernel, pattern) : std::vector<std::string>();
  };
  evidence.file = [&machine](const std::string& path) { return Files(machine.root).read(path); };
  evidence.names = [&machine](const std::string& directory) {
    return names_of(machine.root + "/" + directory);
  };
  evidence.output = [&machine](const std::string& command) -> std::optional<std::string> {
    return machine.live && machine.output ? machine.output(command) : std::nullopt;
  };
  return evidence;
}

}  // namespace tunec::host
