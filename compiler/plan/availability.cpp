// Caveats are looked for once per setting: in a class's settings for all of its hosts, in a host's own for that host.
#include <algorithm>
#include <optional>

#include "diagnostics/diag.h"
#include "plan/caveats.h"
#include "plan/check.h"
#include "plan/risks.h"

namespace tunec {
namespace {

class Availability {
 public:
  Availability(const CheckInput& input, Reporter& reporter) : input_(input), reporter_(reporter), risks_(input, reporter) {}

  // `unchecked` answers what the catalogue thinks it knows; a risk is there all the same.
  void check(const Setting& setting, const std::vector<const HostPlan*>& candidates) {
    const Facts& facts = *candidates.front()->facts;
    const Value value = setting.origin.unchecked ? as_boolean(setting) : setting.value;
    std::optional<std::vector<std::string>> hosts;  // asked for only where there is something to say
    for (const Caveat& caveat : setting.param->caveats) {
      if ((setting.origin.unchecked && caveat.fate != Fate::unsafe) || !applies(caveat, value, facts)) continue;
      if (!hosts) hosts = with(setting, candidates);
      if (hosts->empty()) return;  // each has its own value, or lives with the risk it has not taken
      if (caveat.fate != Fate::unsafe) return report(setting, caveat, facts, *hosts);
      risks_.check(setting, caveat, facts, *hosts);
    }
    const bool unmeasured = !setting.origin.unchecked && !setting.param->if_builtin.empty() && !facts.builtin && !facts.os.empty();
    if (!unmeasured) return;
    if (!hosts) hosts = with(setting, candidates);
    if (hosts->empty()) return;
    const std::string module = setting.key.substr(0, setting.key.find('.'));
    reporter_.report(user_place(setting.origin, input_.sources), diag::builtin_not_known, module, facts.describe()).key(module).hosts(*hosts, facts.describe(), through(setting.origin));
  }

  void report_risks() { risks_.report(); }

 private:
  // An `unchecked` value is as it was written; 1 and 0, where on and off are meant, are these.
  static Value as_boolean(const Setting& setting) {
    const auto* number = setting.value.get_if<std::int64_t>();
    const bool is_boolean = setting.param->type == ValueType::boolean && number != nullptr && (*number == 0 || *number == 1);
    return is_boolean ? Value{*number == 1} : setting.value;
  }

  static std::vector<std::string> with(const Setting& setting, const std::vector<const HostPlan*>& candidates) {
    std::vector<std::string> hosts;
    for (const HostPlan* host : candidates) {
      if (host->find(setting.name) == &setting) hosts.push_back(host->name);
    }
    return hosts;
  }

  void report(const Setting& setting, const Caveat& caveat, const Facts& facts, const std::vector<std::string>& hosts) {
    const Span where = user_place(setting.origin, input_.sources);
    const std::string& name = setting.name;
    const std::string on = consumer(caveat, facts), value = to_source(setting.value);
    Draft draft = caveat.fate == Fate::absent     ? reporter_.report(where, diag::parameter_absent, name, on)
                  : caveat.fate == Fate::ignored  ? reporter_.report(where, diag::parameter_ignored, name, on)
                  : caveat.fate == Fate::rejected ? reporter_.report(where, diag::parameter_rejected, name, value, on)
                                                  : reporter_.report(where, diag::parameter_risky, name, value, on);
    draft.key(name).at(caveat.why).hosts(hosts, facts.describe(), through(setting.origin));
    if (caveat.severity) draft.severity(*caveat.severity);
    if (!caveat.instead.empty()) draft.help(caveat.instead);
  }

  const CheckInput& input_;
  Reporter& reporter_;
  Risks risks_;
};

}  // namespace

std::vector<std::vector<const HostPlan*>> hosts_by_class(const Plan& plan) {
  std::vector<std::vector<const HostPlan*>> classes;
  for (const HostPlan& host : plan.hosts) {
    if (host.host_class >= classes.size()) classes.resize(host.host_class + 1);
    classes[host.host_class].push_back(&host);
  }
  std::erase_if(classes, [](const auto& hosts) { return hosts.empty(); });
  return classes;
}

void check_availability(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  Availability availability(input, reporter);
  for (const auto& hosts : hosts_by_class(plan)) {
    for (const Setting& setting : *hosts.front()->storage.front()) availability.check(setting, hosts);
    for (const HostPlan* host : hosts) {
      if (host->storage.size() < 2) continue;
      for (const Setting& setting : *host->storage[1]) availability.check(setting, {host});
    }
  }
  availability.report_risks();
}

}  // namespace tunec
