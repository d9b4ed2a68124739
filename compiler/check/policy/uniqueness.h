// `unique X` and `disjoint X`: what a policy's subjects all over the fleet must not have in common. Found by
// sorting.
#pragma once

#include "check/policy/subjects.h"

namespace tunec {

// One subject's value.
struct Claim {
  Value value;
  std::string per;  // only claims of one `per` are compared
  PolicySubject subject;
  std::vector<const Setting*> looked_at;
};

// Claims that are the same, or overlap.
struct Clash {
  Value value;                       // what they have in common
  std::vector<const Claim*> claims;  // one, if hosts that are alike have it
};

// What of a claim no other may have, each with what it is compared within.
std::vector<std::string> items_of(const Claim& claim);
std::vector<Clash> repeated_claims(const std::vector<Claim>& claims);
// CPU sets, numbers, ranges, addresses and prefixes; a list's items each. Of others nothing is said.
std::vector<Clash> overlapping_claims(const std::vector<Claim>& claims);

}  // namespace tunec
