// What hosts have to do with one another: where it is known, those that did not change need not be asked again.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace tunec {

// What no other host may have too, as a hash of the rule and the value. Two that are equal may still be of different values.
struct KeptClaim {
  std::uint64_t what = 0;
  std::string host;
};

struct FleetTies {
  bool close = false;               // the answer for one host was found by looking at others: nothing can be said of it alone
  std::vector<KeptClaim> claims{};
  std::set<std::string> examples{}; // hosts by which each of the site's own policies, and each waiver, is of use
  void add(FleetTies more);
};

}  // namespace tunec
