// The texts of a site's files, parted by whom they speak of: `host NAME { … }` and an entry under `hosts:` of a file of facts are of one
// host, all else is of the site. Whoever knows the parts can leave hosts out of a site without reading what is said of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/load.h"

namespace tunec {

struct Part {
  std::uint32_t begin = 0;  // it ends where the next begins; comments belong to the part before them
  std::string host;         // empty: of the site
  bool operator==(const Part&) const = default;
};

struct PartedFile {
  std::string path;
  std::string_view text;     // of the sources
  std::vector<Part> parts;   // the first begins at 0
};

// In the order of their paths. A file of facts that cannot be parted is left out; all are, where patterns pick among the hosts of an
// inventory, since whom that names is there with its parts and without.
std::vector<PartedFile> parted_files(const LoadedFiles& files, const Sources& sources);

}  // namespace tunec
