// One parameter as `tunec explain` and `tunec knobs` show it: what it takes, and what each platform has of
// it.
#pragma once

#include <string>
#include <vector>

#include "driver/present/terminal.h"

namespace tunec {

// A platform as far as knobs go: the facts of a machine that runs it, of which nothing else is known.
struct PlatformFacts {
  std::string name;  // "debian 12"
  Facts facts;
};
std::vector<PlatformFacts> all_platforms(const Compilation& knowledge);
// `debian-12`, `debian 12`. Nothing, after saying which there are, if it is none.
std::optional<PlatformFacts> platform_named(const Compilation& knowledge, const std::string& name,
                                            std::string_view option);

enum class OnPlatform : unsigned char { there, missing, unknown };
struct KnobOnPlatform {
  OnPlatform presence = OnPlatform::unknown;
  std::string why;              // of missing: one clause
  std::string moved;            // of missing: what it is called there
  std::string range, standard;  // as one writes them; empty if not known
  std::string version;          // of its kernel or daemon: "Linux 6.1"
};
KnobOnPlatform knob_on(const ParamInfo& param, const PlatformFacts& platform, const Catalogue& catalogue);

std::string_view presence_word(OnPlatform presence);  // "yes", "no", "not known"
std::string type_with_unit(const ParamInfo& param);   // "duration in ms"
// surface, name, type, unit, range, default, effect, curated, presence by platform, doc, source.
std::string knob_json(const ParamInfo& param, const std::vector<PlatformFacts>& platforms,
                      const Catalogue& catalogue);

}  // namespace tunec
