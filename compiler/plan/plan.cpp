#include "plan/plan.h"

#include <algorithm>

namespace tunec {

const Setting* HostPlan::find(std::string_view wanted) const {
  const auto found = std::ranges::lower_bound(
      settings, wanted, {}, [](const Setting* setting) { return std::string_view(setting->name); });
  return found != settings.end() && (*found)->name == wanted ? *found : nullptr;
}

std::vector<std::vector<const HostPlan*>> hosts_by_class(const Plan& plan) {
  std::vector<std::vector<const HostPlan*>> classes;
  for (const HostPlan& host : plan.hosts) {
    if (host.host_class >= classes.size()) classes.resize(host.host_class + 1);
    classes[host.host_class].push_back(&host);
  }
  std::erase_if(classes, [](const auto& hosts) { return hosts.empty(); });
  return classes;
}

}  // namespace tunec
