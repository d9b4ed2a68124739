// Which hosts a policy is evaluated for. Ten thousand hosts mostly get the same verdict for the same reasons.
// So a policy is evaluated for one host of each kind that it can distinguish.
//
//   policy p { when host.memory >= 64GiB  require sysctl.vm.swappiness <= 10 }
//
//   kvm-01  64GiB   swappiness 10 by profile `a`     verdict 0, group 0
//   kvm-02  64GiB   swappiness 10 by profile `a`     verdict 0, group 0
//   kvm-03  64GiB   swappiness 10 in its own body    verdict 0, group 1
//   kvm-04  32GiB   swappiness 10 by profile `a`     verdict 1, group 2
//
// Hosts get the same verdict if they agree in all that the policy reads (reads.h): p is evaluated for kvm-01,
// and if that passes, for kvm-04; kvm-02 and kvm-03 pass with kvm-01. If kvm-01 fails, p is evaluated for
// group 1 too, since its mistake is on another line.
//
// Claim: a verdict reads of a host only what PolicyReads names. Why: the names are taken from all expressions
// that a verdict evaluates. Test: tests/property/host_groups_laws_test.cpp, hosts in a fleet against each
// alone.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "check/policy/host_columns.h"

namespace tunec {

// Hosts of one class that one report can name together: they agree in what the policy reads, by the same
// lines.
struct HostGroup {
  HostPlans hosts;
  std::size_t same_verdict_as = 0;  // groups of one number get the same verdict
  // Groups with the same number have the same instances of what the policy is `for` (`for wireguard`)
  std::size_t layout = 0;
};

class HostGroups {
 public:
  // Each thread has its own, over shared columns.
  explicit HostGroups(const HostColumns& columns) : columns_(columns) {}

  // Class by class. In each class, hosts with own settings that the policy reads come first, each by itself.
  std::vector<HostGroup> of(const PolicyReads& reads) const;
  // One group for all hosts of each verdict, whatever their class; ordered by their first hosts.
  std::vector<HostPlans> by_verdict(const PolicyReads& reads) const;

 private:
  // Numbers hosts by a set of columns: hosts that are equal in all of them have equal numbers.
  using Columns = std::vector<std::size_t>;
  const HostColumn& partition(const Columns& columns) const;
  std::shared_ptr<const HostColumn> shared_partition(const Columns& columns) const;

  const HostColumns& columns_;
  mutable std::map<Columns, std::shared_ptr<const HostColumn>> partitions_;
};

}  // namespace tunec
