#include "check/policy/evaluation.h"

#include <algorithm>

namespace tunec {
namespace {

Subject all_of(const PolicySubject& subject) {
  Subject who = subject_of(*subject.hosts.front());
  who.hosts.clear();
  for (const HostPlan* host : subject.hosts) who.hosts.push_back(host->name);
  return who;
}

// Of the fleet as a whole there is no host in view, but all of them to go over.
SettingsInView view_of(const PolicySubject& subject, const CheckInput& input, Directory& directory) {
  SettingsInView view{subject.host, &input.catalogue, nullptr, subject.scopes, {}, false, &input.effective};
  view.directory = &directory;
  if (subject.host == nullptr && subject.scopes.empty()) view.hosts = subject.hosts;
  return view;
}

}  // namespace

Asking::Asking(const PolicyDecl& asked, const PolicySubject& subject, const CheckInput& input,
               Directory& directory, Reporter& reporter)
    : policy(asked),
      who(all_of(subject)),
      view(view_of(subject, input, directory)),
      evaluate(input.fleet, who, reporter),
      told(subject.told) {
  evaluate.view = &view;
  evaluate.parameters = &told;
  evaluate.lets = &policy.syntax->lets;
  evaluate.shipped_policy = input.sources.shipped(policy.declared.file);
}

bool Asking::applies() {
  const ast::Policy& syntax = *policy.syntax;
  const bool chosen = scope_of(syntax) == "fleet";  // by `where`, host by host, when the groups were made
  if (syntax.where && !chosen && evaluate.condition(*syntax.where) != true) return false;
  return std::ranges::all_of(
      syntax.conditions, [&](const ast::Expr& condition) { return evaluate.condition(condition) == true; });
}

}  // namespace tunec
