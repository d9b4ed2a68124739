// Reports lines that do nothing because another value makes theirs void (value_family.h):
//
//   net.ipv4.conf.all.rp_filter = 1      and systemd's net.ipv4.conf.*.rp_filter = 2: the higher one counts
#include <algorithm>

#include "check/checks.h"
#include "check/value_family.h"
#include "diagnostics/diag.h"

namespace tunec {
namespace {

class CombinedValues {
 public:
  CombinedValues(const CheckInput& input, Reporter& reporter) : input_(input), reporter_(reporter) {}

  void check(const HostPlans& hosts) {
    HostPlans alike;
    for (const HostPlan* host : hosts) {
      if (std::ranges::any_of(host->own, takes_part)) check_alike({host});
      else alike.push_back(host);
    }
    if (!alike.empty()) check_alike(alike);
  }

 private:
  void check_alike(const HostPlans& hosts) {
    std::map<std::string_view, std::vector<const Setting*>> families;
    for (const Setting* setting : hosts.front()->settings) {
      if (takes_part(*setting)) families[family_of(*setting->param)].push_back(setting);
    }
    for (auto& [name, settings] : families) {
      const ParamInfo* generic = input_.catalogue.find(name);
      if (generic == nullptr) continue;
      const ValueFamily family(*generic, std::move(settings), *hosts.front(), input_.catalogue,
                               input_.boot_state);
      if (const auto found = family.find()) report(*found, family.rule_in_words(), hosts);
    }
  }

  void report(const ValueFamily::Void& found, std::string_view rule, const HostPlans& hosts) {
    const Setting& setting = *found.settings.front();
    const ValueFamily::Part& other = found.other;
    const std::string value = to_source(setting.value);
    Draft draft = reporter_.report(user_place(setting.origin, input_.sources), diag::combined_away,
                                   setting.name, value, other.name, to_source(other.value),
                                   std::string(rule));
    draft.key(setting.name)
        .hosts(names_of(hosts), hosts.front()->facts->platform->describe(), through(setting.origin));
    if (!other.writer) {
      draft.note(fmt::format("`{}` = {} is the kernel's default", other.name, to_source(other.value)));
    } else if (other.writer->setting != nullptr) {
      draft.label(user_place(other.writer->setting->origin, input_.sources), "the other one");
    } else {
      draft.note(fmt::format("{}, of the package {}, sets `{}` = {}",
                             other.writer->by(input_.boot_state.order()), other.writer->file->package,
                             other.name, to_source(other.value)));
    }
    for (std::size_t i = 1; i < found.settings.size(); ++i) {
      const Setting& alike = *found.settings[i];
      draft.label(user_place(alike.origin, input_.sources), fmt::format("nor does `{}`", alike.name));
    }
    const std::size_t open = found.instead.find('(');
    std::string line = found.instead;
    if (open != std::string::npos) line.insert(open + 1, "\"").insert(line.find(')'), "\"");
    draft.help(fmt::format("write `{} = {}` too", line, value));
  }

  const CheckInput& input_;
  Reporter& reporter_;
};

}  // namespace

void check_combined_values(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  CombinedValues values(input, reporter);
  for (const HostPlans& hosts : hosts_by_class(plan)) values.check(hosts);
}

}  // namespace tunec
