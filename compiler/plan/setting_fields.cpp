#include "plan/setting_fields.h"

#include <algorithm>
#include <array>

#include "model/names.h"

namespace tunec {
namespace {

Value effect(const Setting& setting) {
  static constexpr std::array<std::string_view, 4> words{"live", "reload", "restart", "reboot"};
  return symbol(std::string(words[static_cast<std::size_t>(setting.param->effect)]));
}

Value profiles(const Setting& setting) {
  std::vector<Value> names;
  for (const std::string& profile : setting.origin.profiles) names.push_back(symbol(profile));
  return list_of(std::move(names));
}

Value known(const std::string& text) { return text.empty() ? Value{Poison{}} : symbol(text); }

using Get = Value (*)(const Setting&);
// In the order of setting_fields().
constexpr std::array<Get, 11> getters{
    [](const Setting& s) { return known(s.origin.because); },
    [](const Setting& s) { return s.param->standard.value_or(Value{Poison{}}); },
    effect,
    [](const Setting& s) { return symbol(s.key); },
    [](const Setting& s) { return symbol(s.name); },
    [](const Setting& s) { return Value{s.origin.forced}; },
    profiles,
    [](const Setting& s) { return known(s.param->status); },
    [](const Setting& s) { return symbol(s.surface); },
    [](const Setting& s) { return Value{s.origin.unchecked}; },
    [](const Setting& s) { return s.value; },
};

}  // namespace

std::optional<Value> setting_field(const Setting& setting, std::string_view field) {
  const auto names = setting_fields();
  const auto found = std::ranges::find(names, field);
  if (found == names.end()) return std::nullopt;
  return getters[static_cast<std::size_t>(found - names.begin())](setting);
}

}  // namespace tunec
