// Instances that are parts of the machine, such as `node(1)`, must be among those in the facts. Nothing later
// reports that a file below /sys is missing.
#include <algorithm>
#include <map>

#include "check/checks.h"
#include "diagnostics/diag.h"
#include "machine/devices.h"

namespace tunec {
namespace {

// The parts of one kind that a machine has; none if the facts do not list them.
struct Parts {
  std::vector<std::string> names;
  std::string text;
};

Parts parts_of(const Facts& facts, std::string_view kind) {
  Parts parts;
  if (kind == "cpu") {
    for (const int cpu : facts.cpus.cpus()) parts.names.push_back(std::to_string(cpu));
    parts.text = facts.cpus.to_string();
    return parts;
  }
  for (MachineItem& item : machine_items(facts, kind)) parts.names.push_back(std::move(item.name));
  parts.text = fmt::format("{}", fmt::join(parts.names, ", "));
  return parts;
}

bool lacks(const Parts& parts, const std::string& name) {
  return !parts.names.empty() && std::ranges::find(parts.names, name) == parts.names.end();
}

}  // namespace

void check_machine_items(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  for_each_distinct_setting(plan, [&](const Setting& setting, const HostPlans& hosts) {
    const auto& types = setting.param->instance_types;
    for (std::size_t i = 0; i < std::min(types.size(), setting.instances.size()); ++i) {
      const std::string& name = setting.instances[i];
      if (types[i].item.empty() || name == "*") continue;
      std::map<std::string, HostPlans> lacking;  // by the parts that the hosts have
      for (const HostPlan* host : hosts) {
        const Parts parts = parts_of(*host->facts, types[i].item);
        if (lacks(parts, name)) lacking[parts.text].push_back(host);
      }
      for (const auto& [parts, without] : lacking) {
        reporter.report(user_place(setting.origin, input.sources), diag::unknown_name, types[i].item, name)
            .key(setting.name)
            .hosts(names_of(without), without.front()->facts->platform->describe(), through(setting.origin))
            .help(fmt::format("the facts have {}", parts));
      }
    }
  });
}

}  // namespace tunec
