// Which host of one side is which of the other. A host of a new name with the facts, labels and settings of
// one that is gone is a renamed host, also where its settings have its name in them; without this a rename
// would read as one host lost and one won.
#pragma once

#include "review/side.h"

namespace tunec {

struct MatchedHosts {
  HostPairs pairs;    // by the name after; renamed ones among them
  HostPairs renamed;  // of pairs, those whose names differ
  HostPlans added, removed;
};
MatchedHosts match_hosts(const Plan& before, const Plan& after);

// Equal but for the objects that they are: those of two runs never are the same.
bool same_platform(const HostPlan& before, const HostPlan& after);
bool same_machine(const HostPlan& before, const HostPlan& after);  // whatever it runs

}  // namespace tunec
