// Ways to break an accepted site in one place, each with the diagnostic it must cause. The site first gets
// everything that the mutation needs to be meaningful, so no mutation is skipped.
#pragma once

#include <iosfwd>

#include "support/site_model.h"

namespace tunec::test {

struct Mutation {
  std::string name;
  std::string code, says;  // the diagnostic's code, and the policy or parameter that its text names
  // The invariant that the files would break if they were written; 0 if none can be written
  int law = 0;
  // Changes the first role; the site stays accepted
  void (*needs)(Role& role) = nullptr;
  std::vector<std::string> (*statements)(const Role& role) = nullptr;  // added to the role's first host
  void (*change)(SiteModel& site) = nullptr;                           // any other change

  void prepare(SiteModel& site) const;
  void apply(SiteModel& site) const;
};

void PrintTo(const Mutation& mutation, std::ostream* out);  // GoogleTest's name for it

std::vector<Mutation> machine_mutations();   // CPUs, memory, devices
std::vector<Mutation> fleet_mutations();     // network, pools, Formation
std::vector<Mutation> language_mutations();  // names, types, versions, merging
std::vector<Mutation> setting_mutations();   // single settings, of which no law knows
std::vector<Mutation> mutations();

}  // namespace tunec::test
