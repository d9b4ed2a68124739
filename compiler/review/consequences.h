// What follows from a change beside the values themselves: budgets, findings, waivers.
#pragma once

#include <string>
#include <vector>

#include "base/value.h"
#include "review/side.h"

namespace tunec {

// What is left of a budget's total on the hosts on which that changed.
struct BudgetChange {
  std::string budget, of;                      // "host-memory", "node 0"
  std::size_t hosts = 0;                       // on which what is left differs
  std::string tightest;                        // the host that is left with the least
  std::string left_before, left_after, total;  // there; "not checked" where there was no such budget
  bool closes = true;
};

// A policy, or another check, that begins or ceases to complain.
struct FindingChange {
  std::string code, policy;  // "T0705", empty for a risk of a new host; the policy's name, if it is one
  bool is_risk() const { return code.empty(); }
  std::string message;
  std::string place;  // on the side that has it
  std::vector<std::string> hosts;
};

struct WaiverChange {
  std::string what, hosts_pattern, owner, until, because, place;
  bool is_of_risk = false;
  std::size_t days_left = 0;  // of those that end soon
};

struct Consequences {
  std::vector<BudgetChange> budgets;  // the tightest first
  std::vector<FindingChange> begun, ceased;
  std::vector<WaiverChange> waivers_begun, waivers_ended, ending_soon;
};

// `secrets`: values that no message may show.
Consequences consequences_of(const Side& before, const Side& after, const HostPairs& pairs,
                             const std::vector<std::string>& secrets);

}  // namespace tunec
