// Numbers by NUMA node, as `hugepages=` takes them since Linux 5.16: a list with a number for each node.
#pragma once

#include <optional>

#include "base/value.h"

namespace tunec {

// Of [8, 32] and of the kernel's "0:8,1:32"; a node that is not named has none. Nothing of other values.
std::optional<Value> numbers_by_node(const Value& value);
// The number for one node of so many: of a plain number the kernel's even share, one node after the other.
std::optional<Value> number_on_node(const Value& numbers, std::int64_t node, std::int64_t nodes);

}  // namespace tunec
