// What each check gets beside the plan.
#pragma once

#include "catalogue/catalogue.h"
#include "check/waivers.h"
#include "plan/plan.h"
#include "site/fleet.h"
#include "source/sources.h"

namespace tunec {

class Effective;

struct CheckInput {
  const Fleet& fleet;
  const Catalogue& catalogue;
  const Sources& sources;
  Waivers& waivers;            // asked; to be reported when all checks have asked
  const Effective& effective;  // of the plan that is checked
  // False where some hosts were left out, or made up by a test: then a policy that applies to none is no news
  bool whole_site = true;
};

}  // namespace tunec
