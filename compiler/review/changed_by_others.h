// Files of a host that differ although none of its settings does: a peer of a mesh has another key, or the
// same settings have another carrier. Without these a review would call such hosts untouched.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "review/side.h"

namespace tunec {

struct ChangedFile {
  HostPair host;
  std::string path;
  std::string is;     // "+2 -1 lines", "new", "no longer written"
  Settings settings;  // on its lines, of the new side if it is there
};
// `changed`: whether a setting of that host (by its name after) is known to differ.
using IsChanged = std::function<bool(const std::string& host, const std::string& setting)>;
std::vector<ChangedFile> files_changed_by_others(const Side& before, const Side& after,
                                                 const HostPairs& pairs, const IsChanged& changed);

}  // namespace tunec
