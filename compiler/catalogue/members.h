// A parameter with instances may have members, instances that stand for more than themselves: of a network's
// interfaces `all`, `default` and `*`. One record describes them all; here it becomes a parameter for each.
#pragma once

#include <vector>

#include "catalogue/param.h"
#include "catalogue/record.h"

namespace tunec {

// Reads `members`, `combines` and `slash`; returns the record's parameters, the one with instances first.
std::vector<ParamInfo> read_members(Record& record, ParamInfo param);

}  // namespace tunec
