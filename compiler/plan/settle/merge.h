// Candidates to one Setting per parameter.
//
// The rule is dominance, not depth and not order: the value of a body beats the values of every body that it
// includes. The values that remain must agree. If they do not, it is a conflict, which a body that includes
// both can settle.
//
//   profile a { vm.swappiness = 1 }   profile b { vm.swappiness = 10 }
//   host h { include a  include b }                       conflict: neither includes the other
//   host h { include a  include b  vm.swappiness = 5 }    5: h includes both
//   host h { include a  include b }, and b includes a     10: b includes a
//
// `override` beats everything that is not an override. A value that moved to a parameter's new name
// (plan/settle/collect.h) gives way to what the same body gives to that name itself. A parameter may say that
// several values make one (max, min, union).
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

// The same, for a host's own candidates over what its class has (null: nothing) of that name.
// `own` are of one name, and level 0 (the host itself) beats level 1 (a pattern).
Setting settle_own(std::vector<Candidate> own, const Setting* shared, std::vector<Conflict>& conflicts);

}  // namespace tunec
