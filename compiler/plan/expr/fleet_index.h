// An index over the fleet's instances, by the expression that a policy searches for. lookup() builds an index
// when it is first needed.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "plan/expr/evaluate.h"

namespace tunec {

struct InstancePlace {
  const HostPlan* host = nullptr;
  ScopeEntry entry;
};

struct FleetIndex {
  std::span<const HostPlan* const> hosts;
  std::map<const ast::Expr*, std::map<std::string, std::vector<InstancePlace>>>
      by_key;  // by the expression, then by its value
};

}  // namespace tunec
