// A generated site, compiled and read back, with the laws that its files keep or break.
#pragma once

#include <functional>

#include "support/invariant_laws.h"
#include "support/over_memory.h"

namespace tunec::test {

struct ReadSite {
  SiteModel model;
  std::vector<HostFiles> files;  // by host
  std::vector<HostCase> hosts;   // points into both

  ReadSite(SiteModel site, const RenderedFleet& rendered);
  ReadSite(const ReadSite&) = delete;
};

struct LawBroken {
  int number;
  std::string text;  // "4 a core is isolated with all its threads: r0-1: …"
};
// Adds to `looked` how often each law found something to check.
std::vector<LawBroken> broken_laws(const ReadSite& site, std::map<std::string_view, int>& looked);

// Runs a property on random sites. Their number is that of RC_PARAMS, divided by `fraction`, or else
// `usually`.
struct Often {
  int usually = 200;
  int fraction = 1;
};
void check_often(Often often, const std::function<void()>& property);

}  // namespace tunec::test
