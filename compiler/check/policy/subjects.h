// What a policy is asked of, one after the other: hosts (of those that are alike, one for all), instances,
// nodes, pairs, groups of the fleet.
#pragma once

#include <functional>
#include <vector>

#include "check/checks.h"
#include "check/policy/host_groups.h"
#include "plan/expr/fleet_index.h"

namespace tunec {

struct PolicySubject {
  // That the answer is of: alike, or the two of a pair, or a group
  HostPlans hosts;
  const HostPlan* host = nullptr;  // whose settings paths name; null for pairs and the fleet
  std::vector<ScopeEntry> entries;
  Parameters told;  // `group`
};

// Whether there is something to say against the subject, or more of it is needed than a verdict.
using AskSubject = std::function<bool(const PolicySubject&)>;

class Subjects {
 public:
  Subjects(const CheckInput& input, const HostColumns& columns, Reporter& reporter)
      : input_(input), groups_(columns), reporter_(reporter) {
    for (const HostPlan& host : columns.plan().hosts) hosts_.push_back(&host);
    directory_.hosts = hosts_;
  }
  Subjects(const Subjects&) = delete;  // the directory goes over its hosts
  Subjects& operator=(const Subjects&) = delete;

  void each(const PolicyDecl& policy, const PolicyReads& reads, const AskSubject& ask);
  bool any() const { return !hosts_.empty(); }
  FleetIndex& directory() { return directory_; }

 private:
  void settings(HostPlans hosts, const AskSubject& ask);
  void groups(const PolicyDecl& policy, const PolicyReads& reads, const AskSubject& ask);
  void pairs(const PolicyDecl& policy, const PolicyReads& reads, const AskSubject& ask);

  const CheckInput& input_;
  const HostGroups groups_;
  HostPlans hosts_;
  FleetIndex directory_;
  Reporter& reporter_;
};

std::string scope_of(const ast::Policy& policy);

}  // namespace tunec
