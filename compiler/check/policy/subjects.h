// Lists the subjects that a policy is evaluated for: hosts (one for each group, host_groups.h), instances
// such as wg0, NUMA nodes and devices, pairs of hosts, groups of the fleet.
#pragma once

#include <functional>
#include <vector>

#include "check/checks.h"
#include "check/policy/host_groups.h"
#include "plan/expr/fleet_index.h"

namespace tunec {

struct PolicySubject {
  // The hosts that the verdict is about: a group of hosts, the two of a pair, or a group of the fleet
  HostPlans hosts;
  const HostPlan* host = nullptr;  // the host that paths read; null for pairs and the fleet
  std::vector<ScopeEntry> entries;
  Parameters extra_names;  // `group`
};

// Returns true if the subject fails, or if one verdict is not enough: then the other hosts of that verdict
// follow.
using CheckSubject = std::function<bool(const PolicySubject&)>;

class Subjects {
 public:
  Subjects(const CheckInput& input, const HostColumns& columns, Reporter& reporter)
      : input_(input), groups_(columns), reporter_(reporter) {
    for (const HostPlan& host : columns.plan().hosts) hosts_.push_back(&host);
    directory_.hosts = hosts_;
  }
  Subjects(const Subjects&) = delete;  // the directory points to its hosts
  Subjects& operator=(const Subjects&) = delete;

  void each(const PolicyDecl& policy, const PolicyReads& reads, const CheckSubject& ask);
  bool any() const { return !hosts_.empty(); }
  FleetIndex& directory() { return directory_; }

 private:
  void settings(HostPlans hosts, const Surfaces& wanted, const CheckSubject& ask);
  void groups(const PolicyDecl& policy, const PolicyReads& reads, const CheckSubject& ask);
  void pairs(const PolicyDecl& policy, const PolicyReads& reads, const CheckSubject& ask);

  const CheckInput& input_;
  const HostGroups groups_;
  HostPlans hosts_;
  FleetIndex directory_;
  Reporter& reporter_;
};

std::string scope_of(const ast::Policy& policy);

}  // namespace tunec
