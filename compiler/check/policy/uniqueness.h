// `unique X` and `disjoint X`: values that no two subjects of a policy in the fleet may have in common. Comes
// in: each subject's value, as a claim. Goes out: the claims that clash. Clashes are found by sorting, never
// by comparing each claim with every other.
#pragma once

#include "check/policy/subjects.h"

namespace tunec {

// One subject's value.
struct Claim {
  Value value;
  std::string per;  // claims are compared only within one `per`
  PolicySubject subject;
  std::vector<const Setting*> looked_at;
};

// Claims that are equal, or that overlap.
struct Clash {
  Value value;                       // what they have in common
  std::vector<const Claim*> claims;  // only one, if several hosts of a group make it
};

// The items of a claim that no other claim may contain, each with the `per` within which it is compared.
std::vector<std::string> items_of(const Claim& claim);
std::vector<Clash> repeated_claims(const std::vector<Claim>& claims);
// Compares CPU sets, numbers, ranges, addresses and prefixes, and each item of a list; ignores other values.
std::vector<Clash> overlapping_claims(const std::vector<Claim>& claims);

}  // namespace tunec
