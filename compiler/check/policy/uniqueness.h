// `unique X` and `disjoint X`: values that no two subjects of a policy may have in common, in the whole
// fleet. Comes in: each subject's value, as a claim. Goes out: the claims that clash. Found by sorting, never
// by comparing each with each.
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
  std::vector<const Claim*> claims;  // one, if several hosts of a group make it
};

// The items of a claim that no other claim may have, each with the `per` that it is compared within.
std::vector<std::string> items_of(const Claim& claim);
std::vector<Clash> repeated_claims(const std::vector<Claim>& claims);
// Compares CPU sets, numbers, ranges, addresses and prefixes, and each item of a list; ignores other values.
std::vector<Clash> overlapping_claims(const std::vector<Claim>& claims);

}  // namespace tunec
