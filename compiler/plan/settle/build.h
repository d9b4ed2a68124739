// Fleet to Plan. Classes of hosts (classes.h) get their settings once. What a host has in addition to these,
// or in place of them, is settled for each host.
#pragma once

#include <vector>

#include "catalogue/catalogue.h"
#include "diagnostics/reporter.h"
#include "plan/plan.h"
#include "plan/settle/dropped.h"
#include "site/fleet.h"
#include "source/sources.h"

namespace tunec {

struct PlanWithNotes {
  Plan plan;
  std::vector<std::vector<Dropped>> dropped;  // by class
};

PlanWithNotes build_plan(const Fleet& fleet, const std::vector<Host>& hosts, const Catalogue& catalogue,
                         const Sources& sources, Reporter& reporter);

}  // namespace tunec
