// What every host gets: one Setting per parameter, with its origin and the values that it beat.
//
// Hosts that are configured alike form a class. The settings of a class are computed once, and its hosts
// share them. A host owns only the settings that it makes for itself:
//
//   hosts kvm-* { include hypervisor }             shared: all settings of `hypervisor`
//   host kvm-07 { sysctl.vm.swappiness = 10 }      own: one setting, in place of the shared one of that name
//
// Nothing here computes: plan/settle/build.h makes the plan, and later stages only read it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/value.h"
#include "catalogue/param.h"
#include "machine/facts.h"
#include "plan/origin.h"

namespace tunec {

struct Overridden {
  Value value;
  Origin origin;
};

struct Setting {
  const ParamInfo* param = nullptr;
  std::string name;                    // "wireguard(wg0).mtu"
  std::vector<std::string> instances;  // {"wg0"}
  // The carrier on this host: the record's, or another one with the same effect there
  std::string surface;
  std::string key;  // the target's name, instances filled in
  Value value;      // typed: after check() a value of the record's type
  Origin origin;
  // For a list united from several statements: the items of an `unchecked` statement among them. `origin` is
  // then the origin of another statement
  std::vector<Value> unchecked_items;
  std::vector<Origin> also_set_by;  // others that gave the same value, or a part of it
  std::vector<Overridden> overridden;
};

// Of `let hugepage_bounds = …`: policies read it, and no file carries it.
inline bool is_number(const Setting& setting) { return setting.param->surface.empty(); }

struct HostPlan {
  HostPlan() = default;
  HostPlan(HostPlan&&) = default;  // `settings` points into `own`: a copy would point into the original
  HostPlan& operator=(HostPlan&&) = default;

  std::string name;
  Span declared;
  std::vector<std::string> groups;
  std::shared_ptr<const Facts> facts;
  std::shared_ptr<const Labels> labels;
  std::size_t host_class = 0;                          // hosts of one number have the same `shared`
  std::vector<const Setting*> settings;                // that hold on this host; sorted by name
  std::shared_ptr<const std::vector<Setting>> shared;  // of the class; sorted by name
  std::vector<Setting> own;  // of this host, in place of shared ones with the same name; sorted by name

  // Names without a setting because of a mistake that was reported already
  std::vector<std::string> failed_settings;

  const Setting* find(std::string_view name) const;
};

struct Plan {
  std::string site;
  std::vector<HostPlan> hosts;  // sorted by name
};

using HostPlans = std::vector<const HostPlan*>;
std::vector<std::string> names_of(const HostPlans& hosts);
// The hosts of each class, by class number; sorted by name.
std::vector<HostPlans> hosts_by_class(const Plan& plan);

// Visits every setting of the plan once, with the hosts that it holds on (at least one; all of one class).
// Class by class, the shared settings come first, then each host's own. The time is linear in the number of
// settings, not in hosts times settings.
using VisitSetting = std::function<void(const Setting&, const HostPlans&)>;
void for_each_distinct_setting(const Plan& plan, const VisitSetting& visit);

}  // namespace tunec
