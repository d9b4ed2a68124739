// Numbers by NUMA node, as `hugepages=` takes them since Linux 5.16: a list with a number for each node.
#pragma once

#include <optional>

#include "base/value.h"

namespace tunec {

// Reads [8, 32] and the kernel's "0:8,1:32"; a node that is not named has 0. Nothing for other values.
std::optional<Value> numbers_by_node(const Value& value);
// The number for one node of `nodes`. A plain number is split evenly, as the kernel does, one node after the
// other.
std::optional<Value> number_on_node(const Value& numbers, std::int64_t node, std::int64_t nodes);

}  // namespace tunec
