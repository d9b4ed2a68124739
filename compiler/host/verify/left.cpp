// What is left to the operator, as the machine shows it.
#include <algorithm>

#include "host/plan.h"
#include "host/verify/findings.h"

namespace tunec::host {

std::vector<Step> still_left(const Machine& machine, const Generation& generation) {
  if (!machine.live) return generation.left;
  const std::string boot = boot_id(machine);
  const auto waiting = waiting_restarts(evidence_of(machine), wanted_by(generation, boot));
  std::vector<Step> left = waiting.value_or(std::vector<Step>());
  const auto add = [&](const Step& step) {
    if (std::ranges::find(left, step.command, &Step::command) == left.end()) left.push_back(step);
  };
  for (const Step& step : generation.left) {
    const bool is_known = waiting && std::ranges::find(generation.manifest.steps, step.command,
                                                       &Step::command) != generation.manifest.steps.end();
    const bool is_open = step.effect == "reboot" || !is_known;
    if (boot == generation.boot_id && is_open) add(step);
  }
  if (!waits_for_boot(machine, generation.manifest)) return left;
  for (const Step& step : generation.manifest.steps) {
    if (step.effect == "reboot") add(step);
  }
  return left;
}

}  // namespace tunec::host
