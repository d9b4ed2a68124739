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
  const std::vector<Step>& steps = generation.manifest.steps;
  for (const Step& step : generation.left) {
    const bool is_told = waiting && step.effect == "restart" &&
                         std::ranges::find(steps, step.command, &Step::command) != steps.end();
    if (boot == generation.boot_id && !is_told) add(step);
  }
  if (!waits_for_boot(machine, generation.manifest)) return left;
  for (const Step& step : steps) {
    if (step.effect == "reboot") add(step);
  }
  return left;
}

}  // namespace tunec::host
