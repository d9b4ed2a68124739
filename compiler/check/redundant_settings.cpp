// What may go without loss: values that the machine has anyway. Said only to those who ask, since a line may
// stand there to hold a value against a later kernel's default.
#include "check/checks.h"
#include "diagnostics/diag.h"
#include "plan/platform/boot_state.h"

namespace tunec {
namespace {

void check_setting(const Setting& setting, const std::vector<const HostPlan*>& candidates,
                   const CheckInput& input, Reporter& reporter) {
  const Facts& facts = *candidates.front()->facts;
  const Value* standard = setting.param->standard(facts.kernel, facts.os);
  if (standard == nullptr || setting.origin.unchecked || input.sources.shipped(setting.origin.where.file) ||
      !same(*standard, setting.value))
    return;
  // What somebody else sets, such as a file of the distribution, is not what the machine has by itself. They
  // are alike in that.
  if (input.effective.chain(*candidates.front(), setting.name).size() > 1) return;
  std::vector<std::string> hosts;
  for (const HostPlan* host : candidates) {
    if (host->find(setting.name) == &setting) hosts.push_back(host->name);
  }
  if (hosts.empty()) return;
  reporter
      .report(user_place(setting.origin, input.sources), diag::same_as_default, setting.name,
              to_source(setting.value), facts.describe())
      .key(setting.name)
      .hosts(hosts, facts.describe(), through(setting.origin));
}

}  // namespace

void check_hints(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  for (const auto& hosts : hosts_by_class(plan)) {
    for (const Setting& setting : *hosts.front()->storage.front())
      check_setting(setting, hosts, input, reporter);
    for (const HostPlan* host : hosts) {
      if (host->storage.size() < 2) continue;
      for (const Setting& setting : *host->storage[1]) check_setting(setting, {host}, input, reporter);
    }
  }
}

}  // namespace tunec
