#include "driver/host_checks_stage.h"

#include "plan/platform/boot_state.h"

namespace tunec {

void add_host_checks(Compilation& c) {
  const BootState boot_state(c.plan(), c.catalogue, c.boot_order);
  std::vector<HostCheckParts> checks = host_checks(c.check_rules, c.plan(), c.fleet, c.catalogue, boot_state,
                                                   c.rendered.reads);
  for (std::size_t i = 0; i < checks.size(); ++i) c.rendered.hosts[i].checks = std::move(checks[i]);
}

}  // namespace tunec
