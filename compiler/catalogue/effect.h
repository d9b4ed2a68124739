// The names of Effect, in records, in manifests and in what users read.
#pragma once

#include <optional>
#include <string_view>

#include "catalogue/param.h"

namespace tunec {

std::string_view effect_name(Effect effect);                // "reload"
std::optional<Effect> effect_named(std::string_view text);  // the other way round

}  // namespace tunec
