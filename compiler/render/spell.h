// Spells a setting's value for its target: units are converted, words and booleans follow the record's
// spelling, and lists are joined.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "plan/plan.h"

namespace tunec {

std::string spell(const Setting& setting);  // "1048576", "4096 87380 16777216", "mq-deadline"
std::string spell(const ParamInfo& param, const Value& value);
std::vector<std::string> spell_items(const Setting& setting);  // a scalar counts as a list of one
// The same as JSON: numbers and booleans have their types, and ranges are [low, high]
nlohmann::ordered_json to_json(const Setting& setting);

}  // namespace tunec
