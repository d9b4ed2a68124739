// Facts, labels and identity of the host that an expression is evaluated for.
#include <fmt/format.h>

#include "plan/expr/parts.h"

namespace tunec {

RecordedFacts facts_of(const Scope& scope, Evaluation& run) {
  return {scope.host->record(), run.trace.reads};
}

Value host_fact(const ast::Path& path, Span span, const Scope& scope, Evaluation& run) {
  std::string name;
  for (std::size_t i = 1; i < path.parts.size(); ++i) name += (i > 1 ? "." : "") + path.parts[i].name.text;
  const bool is_of_kind = !is_of_the_host(name) && !is_label(name);
  if (is_of_kind && scope.view != nullptr && scope.plan == nullptr)
    return {Poison{}};  // the binder has reported it
  std::optional<Value> value = facts_of(scope, run).leaf(name);
  if (!value) return {Poison{}};  // the binder has reported it
  if (!value->poisoned() || name == "groups") return std::move(*value);
  if (name == "number")
    return poison(span, fmt::format("there is no number in the name `{}`", scope.host->name), scope, run);
  // For a policy, an unknown fact is no mistake: the policy does not apply. For a setting it is one, since
  // the setting cannot be computed.
  const bool faulty = is_of_kind ? scope.host->facts->platform->faulty
                                 : scope.host->labels == nullptr || scope.host->labels->faulty;
  const bool is_mistake = is_of_kind ? scope.missing != MissingFacts::are_expected
                                     : scope.missing == MissingFacts::are_mistakes;
  if (scope.view == nullptr && is_mistake && !faulty)
    run.trace.unknown_facts.push_back({std::move(name), span, scope.shown_at});
  return std::move(*value);
}

}  // namespace tunec
