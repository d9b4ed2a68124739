// The fields of `setting.…` in a policy `for setting`: of the setting, and of its record in the catalogue.
// Its risk depends on the platform.
#pragma once

#include <optional>
#include <string_view>

#include "plan/plan.h"

namespace tunec {

// Nothing if there is no field of that name (model/names.h lists them); Poison where it says nothing of this
// setting.
std::optional<Value> setting_field(const Setting& setting, const Platform& platform, std::string_view field);

}  // namespace tunec
