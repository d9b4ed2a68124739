// Ways to break an accepted site in one place, each with the diagnostic that it must give. What the mutation
// needs to mean anything is put into the site first, so that none is skipped.
#pragma once

#include <iosfwd>

#include "support/site_model.h"

namespace tunec::test {

struct Mutation {
  std::string name;
  std::string code, says;  // the diagnostic's code, and what its text names: the policy, or the parameter
  // The invariant that the files would break, had they been written; 0: none can be written
  int law = 0;
  // Of the first role; the site stays accepted
  void (*needs)(Role& role) = nullptr;
  std::vector<std::string> (*statements)(const Role& role) = nullptr;  // what its first host then says
  void (*change)(SiteModel& site) = nullptr;                           // anything else

  void prepare(SiteModel& site) const;
  void apply(SiteModel& site) const;
};

void PrintTo(const Mutation& mutation, std::ostream* out);  // GoogleTest's name for it

std::vector<Mutation> machine_mutations();   // CPUs, memory, devices
std::vector<Mutation> fleet_mutations();     // network, pools, Formation
std::vector<Mutation> language_mutations();  // names, types, versions, merging
std::vector<Mutation> mutations();

}  // namespace tunec::test
