// Settings that can be deleted without effect, since the machine has the value anyway. Reported only on
// request: such a line may protect the value from a later kernel's other default.
#include "check/checks.h"
#include "diagnostics/diag.h"
#include "plan/platform/boot_state.h"

namespace tunec {
namespace {

void check_setting(const Setting& setting, const HostPlans& hosts, const CheckInput& input,
                   Reporter& reporter) {
  const Platform& platform = *hosts.front()->facts->platform;
  const Value* default_value = setting.param->default_value(platform.kernel, platform.os);
  if (default_value == nullptr || setting.origin.unchecked ||
      input.sources.shipped(setting.origin.where.file) || !same(*default_value, setting.value))
    return;
  // If another writer sets the state too, such as a file of the distribution, the machine does not have the
  // default by itself.
  if (input.boot_state.chain(*hosts.front(), setting.name).size() > 1) return;
  reporter
      .report(user_place(setting.origin, input.sources), diag::same_as_default, setting.name,
              to_source(setting.value), platform.describe())
      .key(setting.name)
      .fix({Edit::Kind::statement, setting.origin.where, ""}, Certainty::likely)
      .hosts(names_of(hosts), platform.describe(), through(setting.origin));
}

}  // namespace

void check_redundant_settings(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  for_each_distinct_setting(plan, [&](const Setting& setting, const HostPlans& hosts) {
    check_setting(setting, hosts, input, reporter);
  });
}

}  // namespace tunec
