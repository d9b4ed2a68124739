// One parameter as `tunec explain` and `tunec knobs` show it: its values, and its presence on each platform.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "driver/pipeline.h"
#include "driver/present/claims.h"

namespace tunec {

// A platform: the facts of a machine that runs it, and nothing else.
struct PlatformFacts {
  std::string name;  // "debian 12"
  Platform platform;
};
std::vector<PlatformFacts> all_platforms(const Compilation& knowledge);
// Finds `debian-12` or `debian 12`. Nothing if there is no such platform.
std::optional<PlatformFacts> platform_named(const Compilation& knowledge, const std::string& name);
// The error message in that case. `option`: the option that named the platform.
std::string no_such_platform(const Compilation& knowledge, std::string_view option, const std::string& name);

enum class OnPlatform : unsigned char { there, missing, unknown };
struct KnobOnPlatform {
  OnPlatform presence = OnPlatform::unknown;
  std::string why;                   // if missing: the reason, as one clause
  std::string moved;                 // if missing: its name there
  std::string range, default_value;  // in the language; empty if unknown
  std::string version;               // of its kernel or daemon: "Linux 6.1"
};
KnobOnPlatform knob_on(const ParamInfo& param, const PlatformFacts& platform, const Catalogue& catalogue);

std::string_view presence_word(OnPlatform presence);  // "yes", "no", "unknown"
std::string type_with_unit(const ParamInfo& param);   // "duration in ms"
// Everything known of the parameter, for people, with the shipped policies that read it.
std::string parameter_text(const ParamInfo& param, const std::vector<PlatformFacts>& platforms,
                           const Compilation& knowledge);
// surface, name, type, unit, range, default, effect, curated, presence by platform, doc, source; claims if
// there are any.
std::string knob_json(const ParamInfo& param, const std::vector<PlatformFacts>& platforms,
                      const Catalogue& catalogue, const std::vector<GuideClaim>& claims = {});
// One difference between two platforms. `kind`: gone, moved, new, range or default.
std::string change_json(std::string_view kind, std::string_view name, std::string_view detail);

}  // namespace tunec
