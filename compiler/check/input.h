// What all checks read, besides the plan.
#pragma once

#include "catalogue/catalogue.h"
#include "check/waivers.h"
#include "plan/plan.h"
#include "site/fleet.h"
#include "source/sources.h"

namespace tunec {

class BootState;

struct CheckInput {
  const Fleet& fleet;
  const Catalogue& catalogue;
  const Sources& sources;
  const Waivers& waivers;
  const BootState& boot_state;  // of the plan that is checked
  // False for a part of the site, or a test's hosts: then do not warn about policies that match nothing
  bool whole_site = true;
};

}  // namespace tunec
