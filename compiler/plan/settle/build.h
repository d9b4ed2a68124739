// Fleet to Plan. Hosts that state the same of the same kind of machine form a class; a class is evaluated and
// merged once, and only what a host says for itself is done per host.
#pragma once

#include "catalogue/catalogue.h"
#include "plan/settle/collect.h"

namespace tunec {

struct PlanWithNotes {
  Plan plan;
  std::vector<std::vector<Dropped>> dropped;  // by class
};

PlanWithNotes build_plan(const Fleet& fleet, const std::vector<Host>& hosts, const Catalogue& catalogue,
                         const Sources& sources, Reporter& reporter);

}  // namespace tunec
