// Walks over expressions. Conditions follow Kleene's logic: an unknown operand (a setting that nobody made)
// is neither on nor off.
#include <algorithm>

#include "base/overloaded.h"
#include "diagnostics/diag.h"
#include "plan/expr/parts.h"
#include "site/builtin_names.h"

namespace tunec {
namespace {

// Sites never come near these bounds. A text that doubles a constant forty times would exceed them.
constexpr std::size_t max_steps = 5'000'000, max_items = 100'000, max_text = 65'536;

std::size_t items_in(const Value& value) {
  const List* list = value.get_if<List>();
  if (list == nullptr) return 1;
  std::size_t count = 1;
  for (const Value& item : list->items) count += items_in(item);
  return count;
}

std::vector<Value> values_of(const std::vector<ast::Argument>& arguments, const Scope& scope,
                             Evaluation& run) {
  std::vector<Value> values;
  for (const ast::Argument& argument : arguments)
    values.push_back(argument.each ? for_each(argument, scope, run) : evaluate(*argument.value, scope, run));
  return values;
}

Value value_of_call(const ast::PathPart& call, Span span, const Scope& scope, Evaluation& run) {
  const std::string& function = call.name.text;
  const FunctionName* found = function_named(function);
  // The binder has reported it
  if (found == nullptr || !found->takes(call.arguments->size())) return {Poison{}};
  if (found->of_test) return test_outcome(call, scope, run);
  if (function == "set" && call.arguments->size() == 1)
    return is_set(*call.arguments->front().value, scope, run);
  if (function == "instances" && call.arguments->size() == 1)
    return instance_names(*call.arguments->front().value, scope, run);
  if (function == "listeners") return listeners(call, span, scope, run);
  if (function == "lookup") return lookup(call, scope, run);
  if (function == "if") {
    const auto on = condition(*call.arguments->front().value, scope, run);
    return on ? evaluate(*(*call.arguments)[*on ? 1 : 2].value, scope, run) : Value{Poison{}};
  }
  if (function == "known" && call.arguments->size() == 2) {
    Scope inner = scope;
    inner.missing = MissingFacts::are_expected;
    Value value = evaluate(*call.arguments->front().value, inner, run);
    return value.poisoned() ? evaluate(*call.arguments->back().value, scope, run) : value;
  }
  const std::vector<Value> values = values_of(*call.arguments, scope, run);
  if (std::ranges::any_of(values, &Value::poisoned)) return {Poison{}};
  auto result = call_function(function, values, facts_of(scope, run));
  if (const auto* wrong = std::get_if<std::string>(&result)) return poison(span, *wrong, scope, run);
  return std::get<Value>(std::move(result));
}

Value value_of_path(const ast::Path& path, Span span, const Scope& scope, Evaluation& run) {
  const ast::PathPart& first = path.parts.front();
  if (path.parts.size() == 1 && first.arguments) return value_of_call(first, span, scope, run);
  if (path.parts.size() == 1) return value_of_name(first.name.text, scope, run);
  if (first.name.text == "host") return host_fact(path, span, scope, run);
  if (scope.view != nullptr) return setting_value(path, span, scope, run);
  return {Poison{}};  // the binder has reported it
}

Value value_of_text(const ast::Text& text, Span span, const Scope& scope, Evaluation& run) {
  std::string whole = text.pieces.front();
  for (std::size_t i = 0; i < text.holes.size(); ++i) {
    const Value value = evaluate(*text.holes[i], scope, run);
    if (value.poisoned() && scope.view == nullptr) return value;
    const CpuSet* cpus = scope.view != nullptr ? value.get_if<CpuSet>() : nullptr;
    whole += value.poisoned() ? "(not set)" : cpus != nullptr && cpus->empty() ? "none" : to_text(value);
    whole += text.pieces[i + 1];
    if (whole.size() > max_text)
      return poison(span, fmt::format("this makes a text of more than {} bytes", max_text), scope, run);
  }
  return {std::move(whole)};
}

Value value_of_list(const ast::ListExpr& list, Span span, const Scope& scope, Evaluation& run) {
  std::vector<Value> items;
  for (const auto& item : list.items) {
    Value value = evaluate(*item, scope, run);
    if (value.poisoned()) return value;
    items.push_back(std::move(value));
  }
  return bounded(list_of(std::move(items)), span, scope, run);
}

Value value_of_range(const ast::RangeExpr& range, Span span, const Scope& scope, Evaluation& run) {
  Value low = evaluate(*range.lowest, scope, run), high = evaluate(*range.highest, scope, run);
  if (low.poisoned() || high.poisoned()) return {Poison{}};
  const auto order = compare(low, high);
  if (!order)
    return poison(span,
                  fmt::format("a range from {} {} to {} {}", type_name(low), to_source(low), type_name(high),
                              to_source(high)),
                  scope, run);
  if (*order > 0)
    return poison(
        span,
        fmt::format("the range {0}..{1} is empty: {0} is greater than {1}", to_source(low), to_source(high)),
        scope, run);
  return range_of(std::move(low), std::move(high));
}

}  // namespace

Value evaluate(const ast::Expr& expr, const Scope& scope, Evaluation& run) {
  if (++run.steps == max_steps) return poison(expr.span, "this takes too long to compute", scope, run);
  if (run.steps > max_steps) return {Poison{}};
  return std::visit(
      overloaded{
          [](const ast::Literal& literal) { return literal.value; },
          [](const ast::Missing&) { return Value{Poison{}}; },
          [&](const ast::Text& hole) { return value_of_text(hole, expr.span, scope, run); },
          [&](const ast::Path& p) { return value_of_path(p, expr.span, scope, run); },
          [&](const ast::ListExpr& items) { return value_of_list(items, expr.span, scope, run); },
          [&](const ast::RangeExpr& range) { return value_of_range(range, expr.span, scope, run); },
          [&](const ast::Unary& u) { return value_of_unary(u, expr.span, scope, run); },
          [&](const ast::Binary& b) { return value_of_binary(b, expr.span, scope, run); },
      },
      expr.node);
}

std::optional<bool> condition(const ast::Expr& expr, const Scope& scope, Evaluation& run) {
  const Value value = evaluate(expr, scope, run);
  if (value.poisoned()) return std::nullopt;
  if (const bool* on = value.get_if<bool>()) return *on;
  labelled(run.reporter.report(scope.place(expr.span), diag::not_a_condition, std::string(type_name(value)),
                               to_source(value)),
           expr.span, scope);
  return std::nullopt;
}

std::optional<bool> decision(const ast::Expr& expr, const Scope& scope, Evaluation& run) {
  Scope inner = scope;
  inner.missing = MissingFacts::are_mistakes_but_labels;
  return condition(expr, inner, run);
}

// If the mistake is shown at an inclusion, the label points to the expression itself.
Draft labelled(Draft draft, Span span, const Scope& scope) {
  draft.hosts(scope.host->hosts, scope.host->facts->platform->describe());
  if (scope.shown_at) draft.label(span, "computed here");
  return draft;
}

// Bounds lists. Each result is checked before anything else is computed from it.
Value bounded(Value value, Span span, const Scope& scope, Evaluation& run) {
  return items_in(value) <= max_items
             ? std::move(value)
             : poison(span, fmt::format("this makes a list of more than {} values", max_items), scope, run);
}

Value poison(Span span, std::string message, const Scope& scope, Evaluation& run, std::string help) {
  // A shipped policy cannot know the type of an `unchecked` value, so this is no mistake of the policy.
  const auto unchecked = [](const Setting* setting) { return setting->origin.unchecked; };
  if (scope.shipped_policy && scope.view != nullptr && std::ranges::any_of(run.trace.looked_at, unchecked))
    return {Poison{}};
  Draft draft = labelled(run.reporter.report(scope.place(span), diag::bad_operands, message), span, scope);
  if (!help.empty()) draft.help(std::move(help));
  return {Poison{}};
}

}  // namespace tunec
