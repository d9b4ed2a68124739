#include "plan/expr/setting_fields.h"

#include <algorithm>
#include <array>

#include "catalogue/param_text.h"
#include "plan/platform/caveats.h"
#include "site/builtin_names.h"

namespace tunec {
namespace {

Value effect(const Setting& setting, const Platform& /*any*/) {
  return symbol(std::string(effect_name(setting.param->effect)));
}

Value profiles(const Setting& setting, const Platform& /*any*/) {
  std::vector<Value> names;
  for (const std::string& profile : setting.origin.profiles) names.push_back(symbol(profile));
  return list_of(std::move(names));
}

// The security that it gives away, in the catalogue's words.
Value risk(const Setting& setting, const Platform& platform) {
  for (const Caveat& caveat : setting.param->caveats) {
    if (caveat.fate == Fate::unsafe && applies(caveat, setting.value, platform)) return {caveat.why};
  }
  return {Poison{}};
}

Value or_unknown(const std::string& text) { return text.empty() ? Value{Poison{}} : symbol(text); }

using Get = Value (*)(const Setting&, const Platform&);
// In the order of setting_fields().
constexpr std::array<Get, 13> getters{
    [](const Setting& s, const Platform&) { return or_unknown(s.origin.because); },
    [](const Setting& s, const Platform& platform) {
      const Value* default_value = s.param->default_value(platform.kernel, platform.os);
      return default_value == nullptr ? Value{Poison{}} : *default_value;
    },
    effect,
    [](const Setting& s, const Platform&) {
      return s.instances.empty() ? Value{Poison{}} : Value{s.instances.front()};
    },
    [](const Setting& s, const Platform&) { return symbol(s.key); },
    [](const Setting& s, const Platform&) { return symbol(s.name); },
    [](const Setting& s, const Platform&) { return Value{s.origin.forced}; },
    profiles,
    risk,
    [](const Setting& s, const Platform&) { return or_unknown(s.param->status); },
    [](const Setting& s, const Platform&) { return symbol(s.surface); },
    [](const Setting& s, const Platform&) { return Value{s.origin.unchecked}; },
    [](const Setting& s, const Platform&) { return s.value; },
};

}  // namespace

std::optional<Value> setting_field(const Setting& setting, const Platform& platform, std::string_view field) {
  const auto names = setting_fields();
  const auto found = std::ranges::find(names, field);
  if (found == names.end()) return std::nullopt;
  return getters[static_cast<std::size_t>(found - names.begin())](setting, platform);
}

}  // namespace tunec
