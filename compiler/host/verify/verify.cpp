// verify, list and status: the commands that only look.
#include <algorithm>

#include <fmt/format.h>

#include "host/commands.h"
#include "host/generations.h"
#include "host/plan.h"
#include "host/verify/findings.h"
#include "host/verify/report.h"

namespace tunec::host {
namespace {

Generation current_generation(const Generations& generations) {
  refuse_interrupted(generations);
  const std::optional<int> number = generations.current();
  if (!number) throw Refused{"no generation is applied here"};
  return generations.load(*number);
}

Verified verified(const Machine& machine, const Generation& generation) {
  return {generation.manifest.host, generation.number,
          look(evidence_of(machine), wanted_by(generation, boot_id(machine)))};
}

// What is to be done: restarts as systemd shows them, whatever left them, and what else this boot's apply
// left.
std::vector<Step> still_left(const Machine& machine, const Generation& generation) {
  if (!machine.live) return {};
  const std::string boot = boot_id(machine);
  auto waiting = waiting_restarts(evidence_of(machine), wanted_by(generation, boot));
  std::vector<Step> left = waiting ? std::move(*waiting) : std::vector<Step>();
  if (boot != generation.boot_id) return left;
  std::ranges::copy_if(generation.left, std::back_inserter(left),
                       [&](const Step& step) { return !waiting || step.effect != "restart"; });
  return left;
}

}  // namespace

int verify(const Machine& machine, ReportForm form) {
  const Generations generations(machine);
  const Verified result = verified(machine, current_generation(generations));
  switch (form) {
    case ReportForm::table: machine.say(table_of(result)); break;
    case ReportForm::json: machine.say(json_of(result)); break;
    case ReportForm::junit: machine.say(junit_of({result})); break;
    case ReportForm::prometheus:
      machine.say(prometheus_of(result, generations.on_trial().has_value()));
      break;
  }
  return exit_code_of(result.findings);
}

int list(const Machine& machine) {
  const Generations generations(machine);
  for (const int number : generations.numbers()) {
    const Generation generation = generations.load(number);
    const auto changed = std::ranges::count_if(generation.files, &GenerationFile::changed);
    machine.say(fmt::format("{:>4}  {:<8}  {}  {} files, {} values  {}\n", number,
                            phase_name(generation.phase), generation.applied_at, changed,
                            generation.values.size(), generation.manifest.host));
  }
  return exit_as_wanted;
}

int status(const Machine& machine) {
  const Generations generations(machine);
  const Generation generation = current_generation(generations);
  machine.say(fmt::format("{}, {}: generation {}, {}, of {}\n", generation.manifest.host,
                          generation.manifest.platform, generation.number, generation.applied_at,
                          generation.manifest.tunec));
  const std::vector<Step> left = still_left(machine, generation);
  if (!left.empty()) machine.say("left to you\n");
  for (const Step& step : left)
    machine.say(fmt::format("  {}    {}: {}\n", step.command, step.effect, step.why));
  const Verified result = verified(machine, generation);
  machine.say(summary_of(result.findings) + "\n");
  return exit_code_of(result.findings);
}

}  // namespace tunec::host
