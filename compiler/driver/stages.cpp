#include "driver/stages.h"

#include "output/check_paths.h"
#include "render/coverage.h"

namespace tunec {

void check_plan(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  check_availability(plan, input, reporter);
  check_machine_items(plan, input, reporter);
  check_conflicting_writers(plan, input, reporter);
  check_combined_values(plan, input, reporter);
  check_words(plan, input, reporter);
  check_required_settings(plan, input, reporter);
  check_policies(plan, input, reporter);
  // Comes last, since it leaves out settings that another check has refused.
  check_lowered_limits(plan, input, reporter);
}

Backends default_backends() {
  Backends backends = all_backends();
  const auto is_off = [](const auto* backend) { return !backend->on_by_default; };
  std::erase_if(backends.of_host, is_off);
  std::erase_if(backends.of_fleet, is_off);
  return backends;
}

RenderedFleet render_plan(const Plan& plan, const Backends& backends, const Forms& forms,
                          const Sources& sources, Reporter& reporter) {
  check_carriers(plan, backends, forms, sources, reporter);
  RenderedFleet rendered = render(plan, backends);
  // A plan with errors may lack settings that a file needs.
  if (!reporter.has_errors()) check_every_setting_is_written(rendered, plan, backends, sources, reporter);
  check_paths(rendered, sources, reporter);
  check_line_lengths(rendered, plan, sources, reporter);
  return rendered;
}

}  // namespace tunec
