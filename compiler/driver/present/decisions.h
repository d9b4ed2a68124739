// Prints decisions: for people a table for each platform, for programs JSON with one object a line.
#pragma once

#include <string>
#include <vector>

#include "plan/settle/decisions.h"

namespace tunec {

std::string decisions_text(const std::vector<Decision>& all, const Plan& plan, const Sources& sources);
// decision, parameter, value, instead, why, platform, hosts, file, line, column.
std::string decisions_json(const std::vector<Decision>& all, const Sources& sources);

}  // namespace tunec
