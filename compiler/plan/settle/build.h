// Fleet to Plan. Hosts that state the same of the same kind of machine form a class; a class is evaluated and merged once, and
// only what a host says for itself is done per host.
#pragma once

#include "catalogue/catalogue.h"
#include "plan/settle/collect.h"

namespace tunec {

struct PlanWithNotes {
  Plan plan;
  std::vector<std::vector<Dropped>> dropped;  // by class
};

// `only`: the names of hosts to plan; empty for all.
PlanWithNotes build_plan(const Fleet& fleet, const std::vector<Host>& hosts, const Catalogue& catalogue, const Sources& sources, Reporter& reporter);

// The place to show for an origin: the statement, or where it came through a shipped profile, the user's inclusion.
Span user_place(const Origin& origin, const Sources& sources);
// "get it through profile `hypervisor` → `novacron.balanced`"; empty in the host's own body.
std::string through(const Origin& origin);

}  // namespace tunec
