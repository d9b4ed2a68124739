// A release whose knobs were harvested: one table of stdlib/harvested.
#pragma once

#include <string>
#include <vector>

#include "base/version.h"

namespace tunec {

struct Release {
  std::string subject;         // "linux", "libvirt", "systemd"
  Version version;             // "6.1"
  std::string os, os_release;  // "debian", "12"
  bool whole = false;          // all that its packages list was read: what is missing is not there
  std::vector<std::string> provenance;  // "package linux-image-6.1.0-56-amd64 6.1.192-2 sha256:…"
  bool operator==(const Release&) const = default;

  std::string describe() const;  // "Linux 6.1 (debian 12)"
  std::string label() const;     // "debian 12", as `--as` and `--on` take it
};

// What a release's kernel makes of a module, or of an option of its configuration.
enum class ModuleIn : unsigned char { unknown, absent, loadable, builtin };
enum class OptionIn : unsigned char { unknown, off, on };

}  // namespace tunec
