#include "support/mutations.h"

#include <ostream>

namespace tunec::test {

void Mutation::prepare(SiteModel& site) const {
  if (needs != nullptr) needs(site.roles.front());
}

void Mutation::apply(SiteModel& site) const {
  if (statements != nullptr) site.roles.front().broken = statements(site.roles.front());
  if (change != nullptr) change(site);
}

void PrintTo(const Mutation& mutation, std::ostream* out) { *out << mutation.name; }

std::vector<Mutation> mutations() {
  std::vector<Mutation> all;
  for (const auto& some : {machine_mutations(), fleet_mutations(), language_mutations(), setting_mutations()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace tunec::test
