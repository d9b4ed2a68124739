// Who else sets what the tree sets: files of drop-in directories that are read after the tree's own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/evidence.h"
#include "host/manifest.h"

namespace tunec::host {

struct Shadow {
  std::string by;     // "/etc/sysctl.d/99-local.conf"
  std::string value;  // that it gives
};

// Files of sysctl.d and modprobe.d, read once.
class Shadows {
 public:
  explicit Shadows(const Evidence& evidence) : evidence_(evidence) {}
  // The last file that gives a setting another value than the tree's file, which it is read after.
  std::optional<Shadow> of(const Setting& setting);

 private:
  struct Line {
    std::string file, name;   // name: of the file, by which they are sorted
    std::string path, value;  // below /proc or /sys
  };
  const std::vector<Line>& lines(const std::string& kind);
  const Evidence& evidence_;
  std::map<std::string, std::vector<Line>> lines_;  // by the directory's name
};

}  // namespace tunec::host
