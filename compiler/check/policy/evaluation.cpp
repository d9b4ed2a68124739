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

// Of the fleet as a whole there is no host in view, but all of them to go over.
PolicyView view_of(const PolicySubject& subject, const CheckInput& input, FleetIndex& index) {
  PolicyView view;
  view.catalogue = &input.catalogue;
  view.boot_state = &input.effective;
  view.index = &index;
  if (subject.host == nullptr && subject.entries.empty()) view.hosts = subject.hosts;
  return view;
}

Scope scope_of(const Asking& asking, const PolicySubject& subject, const CheckInput& input) {
  Scope scope;
  scope.host = &asking.who;
  scope.view = &asking.view;
  scope.plan = subject.host;
  for (const ScopeEntry& entry : asking.entries) scope.entries.push_back(&entry);
  scope.names = &asking.told;
  scope.lets = &asking.policy.syntax->lets;
  scope.shipped_policy = input.sources.shipped(asking.policy.declared.file);
  return scope;
}

}  // namespace

Asking::Asking(const PolicyDecl& asked, const PolicySubject& subject, const CheckInput& input,
               FleetIndex& index, Reporter& reporter)
    : policy(asked),
      who(all_of(subject)),
      view(view_of(subject, input, index)),
      entries(subject.entries),
      told(subject.told),
      evaluate(input.fleet, scope_of(*this, subject, input), reporter) {}

bool Asking::applies() {
  const ast::Policy& syntax = *policy.syntax;
  const bool chosen = scope_of(syntax) == "fleet";  // by `where`, host by host, when the groups were made
  if (syntax.where && !chosen && evaluate.condition(*syntax.where) != true) return false;
  return std::ranges::all_of(
      syntax.conditions, [&](const ast::Expr& condition) { return evaluate.condition(condition) == true; });
}

}  // namespace tunec
