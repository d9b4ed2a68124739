// A parameter with instances may have members: instances that stand for more than themselves, such as `all`,
// `default` and `*` among a network's interfaces. One record describes them all; this makes a parameter of
// each.
#pragma once

#include <vector>

#include "catalogue/param.h"
#include "catalogue/record.h"

namespace tunec {

// Reads `members`, `combines` and `slash`; returns the record's parameters, the one with instances first.
std::vector<ParamInfo> read_members(Record& record, ParamInfo param);

}  // namespace tunec
