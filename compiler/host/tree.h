// The tree of one host, as `tunec compile` wrote it: its manifest, and the files that the manifest lists.
// Everything that does not fit this machine is refused here, before anything is compared.
#pragma once

#include <string>
#include <string_view>

#include "host/machine.h"
#include "host/manifest.h"

namespace tunec::host {

struct TreeChoice {
  std::string directory;      // or a tar archive, or `-`: one from standard input
  std::string host;           // empty: the machine's own name
  bool any_platform = false;  // the caller knows better than os-release
};

std::string name_of_machine(const Machine& machine);  // empty if it has none
Manifest read_tree(const Machine& machine, const TreeChoice& choice);

// Whether a platform as tunec spells it ("ubuntu 24.04, Linux 6.8") is the one of an os-release(5).
bool is_platform(std::string_view platform, std::string_view os_release);

}  // namespace tunec::host
