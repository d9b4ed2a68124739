#include "plan/plan.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>

namespace tunec {

const Setting* HostPlan::find(std::string_view wanted) const {
  const auto found = std::ranges::lower_bound(
      settings, wanted, {}, [](const Setting* setting) { return std::string_view(setting->name); });
  return found != settings.end() && (*found)->name == wanted ? *found : nullptr;
}

std::vector<std::string> names_of(const HostPlans& hosts) {
  std::vector<std::string> names;
  names.reserve(hosts.size());
  for (const HostPlan* host : hosts) names.push_back(host->name);
  return names;
}

std::vector<HostPlans> hosts_by_class(const Plan& plan) {
  std::vector<HostPlans> classes;
  for (const HostPlan& host : plan.hosts) {
    if (host.host_class >= classes.size()) classes.resize(host.host_class + 1);
    classes[host.host_class].push_back(&host);
  }
  std::erase_if(classes, [](const auto& hosts) { return hosts.empty(); });
  return classes;
}

void for_each_distinct_setting(const Plan& plan, const VisitSetting& visit) {
  for (const HostPlans& hosts : hosts_by_class(plan)) {
    const std::vector<Setting>& shared = *hosts.front()->shared;
    // For each shared setting, the hosts that have their own setting in its place
    std::unordered_map<const Setting*, HostPlans> replaced_on;
    for (const HostPlan* host : hosts) {
      for (const Setting& own : host->own) {
        const auto at = std::ranges::lower_bound(shared, own.name, {}, &Setting::name);
        if (at != shared.end() && at->name == own.name) replaced_on[&*at].push_back(host);
      }
    }
    for (const Setting& setting : shared) {
      const auto replaced = replaced_on.find(&setting);
      if (replaced == replaced_on.end()) {
        visit(setting, hosts);
        continue;
      }
      HostPlans others;
      std::ranges::set_difference(hosts, replaced->second, std::back_inserter(others), {}, &HostPlan::name,
                                  &HostPlan::name);
      if (!others.empty()) visit(setting, others);
    }
    for (const HostPlan* host : hosts) {
      const HostPlans alone{host};
      for (const Setting& setting : host->own) visit(setting, alone);
    }
  }
}

}  // namespace tunec
