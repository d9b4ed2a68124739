// The fields of `setting.…` in a policy `for setting`: fields of the setting, and of its record in the
// catalogue. Its risk depends on the platform.
#pragma once

#include <optional>
#include <string_view>

#include "plan/plan.h"

namespace tunec {

// Nothing if there is no field of that name (site/builtin_names.h lists them); Poison if this setting has no
// such value.
std::optional<Value> setting_field(const Setting& setting, const Platform& platform, std::string_view field);

}  // namespace tunec
