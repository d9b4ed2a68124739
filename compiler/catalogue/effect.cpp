#include "catalogue/effect.h"

#include <algorithm>
#include <array>

namespace tunec {
namespace {

constexpr std::array<std::string_view, 4> effects = {"live", "reload", "restart", "reboot"};  // as in Effect

}  // namespace

std::string_view effect_name(Effect effect) { return effects.at(static_cast<std::size_t>(effect)); }

std::optional<Effect> effect_named(std::string_view text) {
  const auto* found = std::ranges::find(effects, text);
  if (found == effects.end()) return std::nullopt;
  return static_cast<Effect>(found - effects.begin());
}

}  // namespace tunec
