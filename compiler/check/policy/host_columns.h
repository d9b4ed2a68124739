// A plan as a table: a row for each host, a column for each thing that some policy reads of a host. A cell is
// a number. Two hosts have the same number in a column if they have the same value there.
//
//                memory    rack    wireguard().mtu    wireguard().mtu, whether it is there
//   kvm-01       0         0       0                  0
//   kvm-02       0         1       1                  0
//   kvm-03       1         0       0                  0
//
// Comes in: the plan, and what all policies read (reads.h). Goes out: the columns. A column in which all
// hosts are equal is left out, since it distinguishes no hosts. The settings of a class are looked at once,
// and then replaced by a host's own settings where it has some. After it is made, several threads only read
// it.
#pragma once

#include <cstdint>
#include <vector>

#include "check/policy/reads.h"
#include "plan/plan.h"

namespace tunec {

struct HostColumn {
  std::vector<std::uint32_t> of_host;  // in the order of the plan's hosts
  std::uint32_t distinct = 0;          // numbers, from 0 on
};

class HostColumns {
 public:
  HostColumns(const Plan& plan, const PolicyReads& reads, const BootState& boot_state);

  // The columns of these reads, as numbers for column().
  std::vector<std::size_t> of(const PolicyReads& reads) const;
  const HostColumn& column(std::size_t number) const { return columns_[number]; }
  // The columns that distinguish hosts by their instances of what the policy is `for`.
  std::vector<std::size_t> of_instances(const PolicyReads& reads) const;
  // Marks the hosts that have own settings among those that are read.
  std::vector<bool> with_own_settings(const PolicyReads& reads) const;

  const std::vector<HostPlans>& classes() const { return classes_; }
  std::size_t host_number(const HostPlan& host) const {
    return static_cast<std::size_t>(&host - plan_.hosts.data());
  }
  const Plan& plan() const { return plan_; }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  struct ParamColumns {
    ReadableParam param;
    std::size_t presence = none, value = none;
    std::vector<std::uint32_t> with_own;  // hosts
  };
  friend class SettingColumns;

  std::size_t add(std::vector<std::uint32_t> of_host);
  void add_facts(const PolicyReads& reads);
  void add_settings(const Surfaces& surfaces);

  const Plan& plan_;
  std::vector<HostPlans> classes_;
  std::vector<HostColumn> columns_;
  std::vector<std::size_t> always_;  // columns that every policy reads
  std::map<std::string, std::size_t, std::less<>> facts_;
  std::vector<ParamColumns> params_;
  std::map<Surfaces, std::size_t> settings_;  // of all settings of these surfaces
};

}  // namespace tunec
