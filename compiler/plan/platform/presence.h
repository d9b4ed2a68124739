// Whether a machine's kernel or daemon has a parameter, according to the harvested releases. If the machine's
// own release was read in full, that release decides. For another version, the nearest releases on both sides
// decide; if these differ, the result is `between`.
#pragma once

#include <string>

#include "catalogue/catalogue.h"
#include "machine/platform.h"

namespace tunec {

struct Presence {
  enum class Kind : unsigned char {
    there,       // seen in this release, or on both sides of this version
    unmeasured,  // nothing that was read decides it
    never,       // no release has it
    gone,        // older releases have it
    not_yet,     // newer ones have it
    gated,       // the release's kernel was built without an option that it needs
    between,     // one side has it, the other has not
    no_module,   // the release has no such module; others may
    read_only,   // it exists, but cannot be written
  };
  Kind kind = Kind::unmeasured;
  // The release that decides for the machine; null if the machine is between two
  const Release* own = nullptr;
  const Release* with = nullptr;     // for gone, not_yet, between: the nearest release that has it
  const Release* without = nullptr;  // for between: the nearest release that lacks it
  std::string option{};              // for gated: the CONFIG_ option that is off
};

Presence presence(const ParamInfo& param, const Platform& platform, const Catalogue& catalogue);
// Whether the machine's kernel has a module, built in or not. If no kernel has the name, the result is
// `never`, whatever is known of the machine.
Presence presence_of_module(std::string_view module, const Platform& platform, const Catalogue& catalogue);

bool is_missing(Presence::Kind kind);               // it certainly does not exist there
std::string why_missing(const Presence& presence);  // one clause

}  // namespace tunec
