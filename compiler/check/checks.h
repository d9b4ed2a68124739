// What must hold of a plan: every setting is there on its host's platform, and every policy is kept. Done per class of hosts wherever
// a host's own settings have no say.
#pragma once

#include "catalogue/catalogue.h"
#include "plan/settle/build.h"
#include "check/waivers.h"

namespace tunec {

class Effective;

struct CheckInput {
  const Fleet& fleet;
  const Catalogue& catalogue;
  const Sources& sources;
  Waivers& waivers;         // asked; to be reported when all checks have asked
  const Effective& effective;  // of the plan that is checked
  bool whole_site = true;   // false where some hosts were left out, or made up by a test: then a policy that applies to none is no news
};

void check_availability(const Plan& plan, const CheckInput& input, Reporter& reporter);
// What sets one thing in the kernel to different values.
void check_disagreements(const Plan& plan, const CheckInput& input, Reporter& reporter);
// Lines that may go without loss.
void check_hints(const Plan& plan, const CheckInput& input, Reporter& reporter);
void check_policies(const Plan& plan, const CheckInput& input, Reporter& reporter);

// The hosts of each class, by class number; sorted by name.
std::vector<std::vector<const HostPlan*>> hosts_by_class(const Plan& plan);

}  // namespace tunec
