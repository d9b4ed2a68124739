// What is read of a machine without changing it: the running one, an image, or a capture of either. Whoever
// verifies asks here, so that a capture gives the same answers as the machine that it was made on.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/files.h"
#include "host/machine.h"

namespace tunec::host {

struct Evidence {
  bool is_running = true;  // false: only files can be read, as of an image
  // A file of the kernel, below /proc or /sys, without blanks at its ends; nothing if it cannot be read
  std::function<std::optional<std::string>(const std::string& path)> value;
  // The files and directories of the kernel that fit a pattern as in a shell, sorted; stars match no slash
  std::function<std::vector<std::string>(const std::string& pattern)> paths;
  // A file below the root, "etc/fstab"; nothing if there is none. TreeFault if it cannot be read
  std::function<State(const std::string& path)> file;
  std::function<std::vector<std::string>(const std::string& directory)> names;  // in it; unsorted
  // What a command prints; nothing if it is not there or fails
  std::function<std::optional<std::string>(const std::string& command)> output;
};

Evidence evidence_of(const Machine& machine);  // the machine must outlive it

// Whether a path fits a pattern, part by part.
bool fits_pattern(const std::string& pattern, const std::string& path);

}  // namespace tunec::host
