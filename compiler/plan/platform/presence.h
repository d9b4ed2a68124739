// Whether a machine's kernel or daemon has a parameter, by the harvested releases. If the machine's own
// release was read in full, that release answers. For another version the nearest releases on both sides
// answer; where these differ, the answer is `between`.
#pragma once

#include <string>

#include "catalogue/catalogue.h"
#include "machine/platform.h"

namespace tunec {

struct Presence {
  enum class Kind : unsigned char {
    there,       // seen in this release, or on both sides of this version
    unmeasured,  // nothing was read that tells
    never,       // no release has it
    gone,        // older releases have it
    not_yet,     // newer ones have it
    gated,       // the release's kernel was built without an option that it needs
    between,     // one side has it, the other has not
    no_module,   // the release has no such module; others may
    read_only,   // there, and not to be written
  };
  Kind kind = Kind::unmeasured;
  const Release* own = nullptr;      // the release that answers for the machine; null where it is between two
  const Release* with = nullptr;     // gone, not_yet, between: the nearest that has it
  const Release* without = nullptr;  // between: the nearest that has not
  std::string option{};              // gated: CONFIG_ this is off
};

Presence presence(const ParamInfo& param, const Platform& platform, const Catalogue& catalogue);
// Whether the machine's kernel has a module, built in or not. A name that no kernel has is `never`, whatever
// is known of the machine.
Presence presence_of_module(std::string_view module, const Platform& platform, const Catalogue& catalogue);

bool is_missing(Presence::Kind kind);               // known not to be there
std::string why_missing(const Presence& presence);  // one clause

}  // namespace tunec
