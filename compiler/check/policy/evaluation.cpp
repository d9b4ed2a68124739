#include "check/policy/evaluation.h"

#include <algorithm>

namespace tunec {
namespace {

EvaluatedHost all_of(const PolicySubject& subject) {
  EvaluatedHost who = evaluated(*subject.hosts.front());
  who.hosts.clear();
  for (const HostPlan* host : subject.hosts) who.hosts.push_back(host->name);
  return who;
}

// A policy for the fleet sees no single host; its `… for host` covers all of them.
PolicyView view_of(const PolicySubject& subject, const CheckInput& input, FleetIndex& index) {
  PolicyView view;
  view.catalogue = &input.catalogue;
  view.boot_state = &input.boot_state;
  view.index = &index;
  if (subject.host == nullptr && subject.entries.empty()) view.hosts = subject.hosts;
  return view;
}

Scope scope_of(const PolicyEvaluation& evaluation, const PolicySubject& subject, const CheckInput& input) {
  Scope scope;
  scope.host = &evaluation.who;
  scope.view = &evaluation.view;
  scope.plan = subject.host;
  for (const ScopeEntry& entry : evaluation.entries) scope.entries.push_back(&entry);
  scope.names = &evaluation.extra_names;
  scope.lets = &evaluation.policy.syntax->lets;
  scope.shipped_policy = input.sources.shipped(evaluation.policy.declared.file);
  return scope;
}

}  // namespace

PolicyEvaluation::PolicyEvaluation(const PolicyDecl& asked, const PolicySubject& subject,
                                   const CheckInput& input, FleetIndex& index, Reporter& reporter)
    : policy(asked),
      who(all_of(subject)),
      view(view_of(subject, input, index)),
      entries(subject.entries),
      extra_names(subject.extra_names),
      evaluate(input.fleet, scope_of(*this, subject, input), reporter) {}

bool PolicyEvaluation::applies() {
  const ast::Policy& syntax = *policy.syntax;
  // `where` was applied host by host, when the groups were made
  const bool chosen = scope_of(syntax) == "fleet";
  if (syntax.where && !chosen && evaluate.condition(*syntax.where) != true) return false;
  return std::ranges::all_of(
      syntax.conditions, [&](const ast::Expr& condition) { return evaluate.condition(condition) == true; });
}

}  // namespace tunec
