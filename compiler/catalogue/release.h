// A release whose knobs were harvested: one table of stdlib/harvested.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/version.h"

namespace tunec {

struct Release {
  std::string subject;         // "linux", "libvirt", "systemd"
  Version version;             // "6.1"
  std::string os, os_release;  // "debian", "12"
  // Kinds that were read in full: a knob of these that is missing here does not exist here. Sorted
  std::vector<std::string> whole;
  // The package of modules that a plain installation lacks: ModuleIn::extra; empty if there is none
  std::string extra_package;
  bool operator==(const Release&) const = default;

  bool is_whole(std::string_view kind) const { return std::ranges::binary_search(whole, kind); }
  // "debian 12", as `--as` and `--on` take it
  std::string label() const { return os_release.empty() ? os : os + " " + os_release; }
  // "Linux 6.1 (debian 12)"
  std::string describe() const {
    return (subject == "linux" ? "Linux" : subject) + " " + version.text + " (" + label() + ")";
  }
};

// What a release's kernel makes of a module, or of an option of its configuration.
enum class ModuleIn : unsigned char { unknown, absent, loadable, builtin, extra };  // extra: loadable, too
inline bool is_there(ModuleIn state) { return state != ModuleIn::unknown && state != ModuleIn::absent; }
enum class OptionIn : unsigned char { unknown, off, on };

}  // namespace tunec
