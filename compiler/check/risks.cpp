#include "check/risks.h"

#include "diagnostics/diag.h"

namespace tunec {

HostPlans Risks::check(const Setting& setting, const Caveat& risk, const HostPlans& hosts) {
  HostPlans waived, others;
  for (const HostPlan* host : hosts)
    (input_.waivers.allow_risk(*setting.param, host->name, reporter_) ? waived : others).push_back(host);
  if (!others.empty()) findings_.push_back({&setting, &risk, std::move(others)});
  return waived;
}

Risks::Mistake Risks::mistake_of(const Finding& finding) const {
  return {user_place(finding.setting->origin, input_.sources), finding.setting->name};
}

void Risks::report() {
  std::map<Mistake, std::set<std::string>> hosts;
  for (const Finding& finding : findings_) {
    for (const HostPlan* host : finding.hosts) hosts[mistake_of(finding)].insert(host->name);
  }
  for (const Finding& finding : findings_) {
    const auto& [where, name] = mistake_of(finding);
    const std::set<std::string>& all = hosts.at({where, name});
    const auto pattern = pattern_of({all.begin(), all.end()}, input_.fleet);
    Draft draft = reporter_.report(where, diag::risk_not_waived, name, to_source(finding.setting->value));
    draft.key(name)
        .at(finding.risk->why)
        .hosts(names_of(finding.hosts), finding.hosts.front()->facts->platform->describe(),
               through(finding.setting->origin));
    if (!finding.risk->instead.empty()) draft.help(finding.risk->instead);
    draft.help(fmt::format("or take the risk: `waive {} on host {} owner \"…\" until DATE because \"…\"`",
                           without_instances(finding.setting->param->name), pattern.value_or("…")));
  }
}

}  // namespace tunec
