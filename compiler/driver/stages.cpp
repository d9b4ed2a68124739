#include "driver/stages.h"

#include "render/coverage.h"

namespace tunec {

void check_plan(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  check_availability(plan, input, reporter);
  check_disagreements(plan, input, reporter);
  check_policies(plan, input, reporter);
}

std::vector<const Backend*> default_backends() {
  std::vector<const Backend*> backends;
  for (const Backend* backend : all_backends()) {
    if (backend->on_by_default) backends.push_back(backend);
  }
  return backends;
}

RenderedFleet render_plan(const Plan& plan, const std::vector<const Backend*>& backends,
                          const Sources& sources, Reporter& reporter) {
  check_carriers(plan, backends, sources, reporter);
  RenderedFleet rendered = render(plan, backends);
  // A plan with errors may lack settings that a file needs.
  if (!reporter.has_errors()) check_written(rendered, plan, sources, reporter);
  check_lines(rendered, plan, sources, reporter);
  return rendered;
}

}  // namespace tunec
