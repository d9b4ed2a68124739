#include "driver/present/knob.h"

#include <algorithm>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "catalogue/load.h"
#include "catalogue/param_text.h"
#include "plan/platform/caveats.h"
#include "plan/platform/presence.h"

namespace tunec {
namespace {

std::string range_text(const Bounds& bounds) {
  return fmt::format("{}..{}", bounds.lowest ? to_source(*bounds.lowest) : "",
                     bounds.highest ? to_source(*bounds.highest) : "");
}

std::string words_of(const ParamInfo& param) {
  std::vector<std::string_view> words;
  for (const EnumValue& value : param.values) words.push_back(value.name);
  return fmt::format("{}", fmt::join(words, " "));
}

// The version of the kernel or daemon that reads the parameter.
std::string version_of(const ParamInfo& param, const Platform& platform, const Catalogue& catalogue) {
  std::string subject = "linux";
  if (!param.sightings.empty()) subject = catalogue.releases()[param.sightings.front().release].subject;
  for (const Caveat& caveat : param.caveats) {
    if (!param.sightings.empty()) break;
    if (caveat.libvirt) subject = "libvirt";
    if (caveat.systemd) subject = "systemd";
  }
  const auto text = [](std::string_view name, const std::optional<Version>& version) {
    return version ? fmt::format("{} {}", name, version->text) : std::string();
  };
  return subject == "libvirt"   ? text("libvirt", platform.libvirt)
         : subject == "systemd" ? text("systemd", platform.systemd)
                                : text("Linux", platform.kernel);
}

PlatformFacts facts_of(const Compilation& knowledge, const std::string& name) {
  PlatformFacts platform{name, {}};
  const std::size_t blank = name.find(' ');
  platform.platform.os = name.substr(0, blank);
  platform.platform.release = name.substr(blank + 1);
  knowledge.platforms.complete(platform.platform);
  return platform;
}

}  // namespace

std::vector<PlatformFacts> all_platforms(const Compilation& knowledge) {
  std::vector<PlatformFacts> all;
  for (const std::string& name : knowledge.platforms.names()) all.push_back(facts_of(knowledge, name));
  return all;
}

std::optional<PlatformFacts> platform_named(const Compilation& knowledge, const std::string& name) {
  const auto found = knowledge.platforms.named(name);
  return found ? std::optional(facts_of(knowledge, *found)) : std::nullopt;
}

std::string no_such_platform(const Compilation& knowledge, std::string_view option, const std::string& name) {
  return fmt::format("tunec: {}: there is no platform `{}`; there are {}", option, name,
                     fmt::join(knowledge.platforms.names(), ", "));
}

KnobOnPlatform knob_on(const ParamInfo& param, const PlatformFacts& platform, const Catalogue& catalogue) {
  KnobOnPlatform on;
  on.version = version_of(param, platform.platform, catalogue);
  const Presence found = presence(param, platform.platform, catalogue);
  if (const auto lack = unavailable(param, platform.platform, catalogue)) {
    on.presence = OnPlatform::missing;
    on.why = lack->why;
    on.moved = lack->moved;
    return on;
  }
  // A name that no platform has counts as missing too. So does a name that exists without effect.
  const Caveat* always = caveat_for(param, Value{Poison{}}, platform.platform);
  if (always != nullptr && always->fate == Fate::absent && !always->value) {
    on.presence = OnPlatform::missing;
    on.why = always->why;
    return on;
  }
  if (is_missing(found.kind)) {
    on.presence = OnPlatform::missing;
    on.why = why_missing(found);
    return on;
  }
  const bool dated = std::ranges::any_of(param.caveats, [](const Caveat& caveat) {
    return caveat.fate == Fate::absent && (caveat.linux_ || caveat.libvirt || caveat.systemd || caveat.qemu);
  });
  const bool known = found.kind == Presence::Kind::there || found.kind == Presence::Kind::read_only ||
                     (dated && found.kind == Presence::Kind::unmeasured);
  on.presence = known ? OnPlatform::there : OnPlatform::unknown;
  if (const Bounds* bounds = first_on(param.bounds, platform.platform.kernel, platform.platform.os))
    on.range = range_text(*bounds);
  if (const Value* default_value = param.default_value(platform.platform.kernel, platform.platform.os))
    on.default_value = to_source(*default_value);
  return on;
}

std::string_view presence_word(OnPlatform presence) {
  return presence == OnPlatform::there ? "yes" : presence == OnPlatform::missing ? "no" : "unknown";
}

std::string type_with_unit(const ParamInfo& param) {
  return type_name(param) + (param.unit.empty() ? ""
                                                : fmt::format(" in {}", param.unit == "page"  ? "pages"
                                                                        : param.unit == "kmg" ? "B"
                                                                                              : param.unit));
}

std::string knob_json(const ParamInfo& param, const std::vector<PlatformFacts>& platforms,
                      const Catalogue& catalogue, const std::vector<GuideClaim>& claims) {
  using Json = nlohmann::ordered_json;
  Json json{{"surface", param.surface},
            {"name", param.name},
            {"key", param.key},
            {"type", type_name(param)},
            {"unit", param.unit}};
  Json ranges = Json::array(), defaults = Json::array();
  const auto where = [](const auto& entry) {
    Json place{{"linux", entry.linux_ ? entry.linux_->to_string() : ".."}};
    if (!entry.os.empty()) place["os"] = entry.os;
    return place;
  };
  for (const Bounds& bounds : param.bounds) {
    ranges.push_back(where(bounds));
    ranges.back()["range"] = range_text(bounds);
  }
  for (const DefaultValue& default_value : param.defaults) {
    defaults.push_back(where(default_value));
    defaults.back()["value"] = to_source(default_value.value);
  }
  json["range"] = std::move(ranges);
  if (!param.values.empty()) json["values"] = words_of(param);
  json["default"] = std::move(defaults);
  json["effect"] = effect_name(param.effect);
  json["curated"] = param.curated;
  Json presences = Json::object();
  for (const PlatformFacts& platform : platforms) {
    const KnobOnPlatform on = knob_on(param, platform, catalogue);
    Json entry{{"there", presence_word(on.presence)}};
    if (!on.version.empty()) entry["version"] = on.version;
    if (!on.why.empty()) entry["why"] = on.why;
    if (!on.moved.empty()) entry["moved"] = on.moved;
    if (!on.range.empty()) entry["range"] = on.range;
    if (!on.default_value.empty()) entry["default"] = on.default_value;
    presences[platform.name] = std::move(entry);
  }
  json["presence"] = std::move(presences);
  json["doc"] = param.doc;
  json["source"] = param.source;
  for (const GuideClaim& claim : claims) {
    json["claims"].push_back({{"guide", claim.guide},
                              {"line", std::stoi(claim.line)},
                              {"gain_percent", claim.gain},
                              {"of", claim.of},
                              {"settings", claim.settings},
                              {"evidence", nullptr},
                              {"note", claim.note}});
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string change_json(std::string_view kind, std::string_view name, std::string_view detail) {
  const nlohmann::ordered_json json{{"change", kind}, {"name", name}, {"detail", detail}};
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace tunec
