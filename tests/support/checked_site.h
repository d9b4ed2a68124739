// A made-up site, compiled and read back, with all the laws that its files keep or break.
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
  std::string text;  // "4 cores are isolated whole: r0-1: …"
};
// `looked`: how often each law found something to look at, added to what is there.
std::vector<LawBroken> broken_laws(const ReadSite& site, std::map<std::string_view, int>& looked);

// RapidCheck over sites, as many as RC_PARAMS says or else `usually`; of a fraction, of those.
struct Often {
  int usually = 200;
  int fraction = 1;
};
void check_often(Often often, const std::function<void()>& property);

}  // namespace tunec::test
