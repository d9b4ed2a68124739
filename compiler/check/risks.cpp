#include "check/risks.h"

#include <algorithm>

#include "diagnostics/diag.h"

namespace tunec {

void Risks::check(const Setting& setting, const Caveat& risk, const Facts& facts,
                  std::vector<std::string>& hosts) {
  const auto untaken = std::stable_partition(hosts.begin(), hosts.end(), [&](const std::string& host) {
    return input_.waivers.allow_risk(*setting.param, host);
  });
  if (untaken != hosts.end()) findings_.push_back({&setting, &risk, &facts, {untaken, hosts.end()}});
  hosts.erase(untaken, hosts.end());
}

Risks::Mistake Risks::mistake_of(const Finding& finding) const {
  return {user_place(finding.setting->origin, input_.sources), finding.setting->name};
}

void Risks::report() {
  std::map<Mistake, std::set<std::string>> hosts;
  for (const Finding& finding : findings_)
    hosts[mistake_of(finding)].insert(finding.hosts.begin(), finding.hosts.end());
  for (const Finding& finding : findings_) {
    const auto& [where, name] = mistake_of(finding);
    const std::set<std::string>& all = hosts.at({where, name});
    const auto pattern = pattern_of({all.begin(), all.end()}, input_.fleet);
    Draft draft = reporter_.report(where, diag::risk_not_waived, name, to_source(finding.setting->value));
    draft.key(name)
        .at(finding.risk->why)
        .hosts(finding.hosts, finding.facts->describe(), through(finding.setting->origin));
    if (!finding.risk->instead.empty()) draft.help(finding.risk->instead);
    draft.help(fmt::format("or take the risk: `waive {} on host {} owner \"…\" until DATE because \"…\"`",
                           without_instances(finding.setting->param->name), pattern.value_or("…")));
  }
}

}  // namespace tunec
