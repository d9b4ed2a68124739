// Merges candidates into one Setting per parameter.
//
// The rule is dominance, not depth and not order: the value of a body beats the values of all bodies that it
// includes. The remaining values must agree. If they do not, that is a conflict. A body that includes both
// sides can settle it.
//
//   profile a { vm.swappiness = 1 }   profile b { vm.swappiness = 10 }
//   host h { include a  include b }                       conflict: neither includes the other
//   host h { include a  include b  vm.swappiness = 5 }    5: h includes both
//   host h { include a  include b }, and b includes a     10: b includes a
//
// `override` beats every candidate without `override`. If a value moved to a parameter's new name
// (plan/settle/collect.h), a value that the same body gives to the new name beats it. A parameter may merge
// several values into one (max, min, union).
#pragma once

#include <string>
#include <vector>

#include "plan/settle/collect.h"

namespace tunec {

struct Conflict {
  std::string name;
  std::vector<Candidate> sides;  // unbeaten, of different values
};

struct Merged {
  std::vector<Setting> settings;  // sorted by name, one per name
  std::vector<Conflict> conflicts;
};

Merged merge(std::vector<Candidate> candidates, const InclusionGraph& graph);

// Merges a host's own candidates of one name over the class's setting of that name (null: none). Level 0 (the
// host itself) beats level 1 (a pattern).
Setting settle_own(std::vector<Candidate> own, const Setting* shared, std::vector<Conflict>& conflicts);

}  // namespace tunec
