// verify, list and status: the commands that only look.
#include <algorithm>

#include <fmt/format.h>

#include "host/commands.h"
#include "host/generations.h"
#include "host/plan.h"
#include "host/report.h"
#include "host/verify/findings.h"
#include "host/verify/report.h"

namespace tunec::host {
namespace {

Generation current_generation(const Generations& generations) {
  refuse_unfinished(generations);
  const std::optional<int> number = generations.current();
  if (!number) throw Refused{"no generation is applied here"};
  return generations.load(*number);
}

Verified verified(const Machine& machine, const Generation& generation) {
  return {generation.manifest.host, generation.number,
          look(evidence_of(machine), wanted_by(generation, boot_id(machine)))};
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
    machine.say(fmt::format("{:>4}  {:<8}  {}  {} files, {} values  {}{}\n", number,
                            phase_name(generation.phase), generation.applied_at, changed,
                            generation.values.size(), generation.manifest.host,
                            generation.is_base ? "  cannot be taken back any more" : ""));
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
  if (!left.empty()) machine.say("left to you\n" + describe_steps(left));
  const Verified result = verified(machine, generation);
  machine.say(summary_of(result.findings) + "\n");
  const int code = exit_code_of(result.findings);
  return code == exit_as_wanted && machine.live && !left.empty() ? exit_to_do : code;
}

}  // namespace tunec::host
