// The tree of one host, as `tunec compile` wrote it: its manifest, and the files that the manifest lists.
// Everything that does not fit this machine is refused here, before anything is compared.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/machine.h"

namespace tunec::host {

struct WantedFile {
  std::string path, content, effect;
  unsigned mode = 0644;
};

struct Step {
  std::string effect, command, why;
  std::vector<std::string> files;  // that it makes effective; none: its settings have no file
  bool sets_values = false;        // it does what writing the settings' values does
};

struct Setting {
  std::string name, file, effect;  // file: empty if a step carries it
  std::string read, expect;        // the file of the kernel that shows it, and what it then contains
  bool write = false;              // whether `expect` may be written there
};

struct Manifest {
  std::string text;  // as it was read
  std::string host, platform, tunec;
  std::vector<WantedFile> files;
  std::vector<Step> steps;
  std::vector<std::string> notes;
  std::vector<Setting> settings;
};

struct TreeChoice {
  std::string directory;
  std::string host;           // empty: the machine's own name
  bool any_platform = false;  // the caller knows better than os-release
};

Manifest read_manifest(std::string text, const std::string& shown);
Manifest read_tree(const Machine& machine, const TreeChoice& choice);

// Whether a platform as tunec spells it ("ubuntu 24.04, Linux 6.8") is the one of an os-release(5).
bool is_platform(std::string_view platform, std::string_view os_release);

}  // namespace tunec::host
