#include "check/idle_lines.h"

namespace tunec {

bool IdleLines::serves_others(const Setting& setting, const HostPlans& hosts) {
  if (hosts_of_line_.empty()) {
    for (const HostPlan& host : plan_.hosts) {
      for (const Setting* other : host.settings) ++hosts_of_line_[other->origin.where];
    }
  }
  return hosts_of_line_[setting.origin.where] > hosts.size();
}

void IdleLines::offer(Draft& draft, const Setting& setting, const HostPlans& hosts, bool is_lost) {
  const Span line = setting.origin.where;
  if (sources_.shipped(line.file)) return;
  const bool others = serves_others(setting, hosts);
  const Fix deletion{{{Edit::Kind::statement, line, ""}}, is_lost && !others, "delete the line"};
  const Fix condition{{{Edit::Kind::value, line, " where available"}},
                      is_lost && others,
                      "write `where available` behind the value"};
  const bool takes_condition = !setting.origin.forced && !setting.origin.unchecked &&
                               !setting.origin.only_where_available;
  if (!others && is_lost) draft.fix(deletion);
  if (takes_condition) draft.fix(condition);
  if (others || !is_lost) draft.fix(deletion);
}

void IdleLines::offer_name(Draft& draft, const Setting& setting, const HostPlans& hosts,
                           const std::string& name) {
  const Span line = setting.origin.where;
  if (sources_.shipped(line.file)) return;
  const bool others = serves_others(setting, hosts);
  draft.fix({Edit::Kind::word, line, name, setting.name}, others ? Certainty::likely : Certainty::certain,
            fmt::format("write `{}` instead", name));
  if (others) offer(draft, setting, hosts, true);
}

}  // namespace tunec
