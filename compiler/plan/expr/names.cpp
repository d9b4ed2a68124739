// The meaning of a single word: a name that the policy adds, a parameter, a policy's let, a constant, or else
// the word itself. A parameter is computed when it is first needed, in the scope of its expression: for an
// argument the scope around the inclusion, for a default the profile's.
#include <algorithm>

#include <fmt/format.h>

#include "plan/expr/parts.h"

namespace tunec {
namespace {

constexpr std::size_t max_constants = 200;  // constants that need one another

Value value_of_let(const ast::Let& let, const Scope& scope, Evaluation& run) {
  const std::string& name = let.name.text;
  if (std::ranges::find(run.open_constants, name) != run.open_constants.end())
    return poison(let.name.span, fmt::format("the constant `{}` refers to itself", name), scope, run);
  if (run.open_constants.size() == max_constants)
    return poison(let.name.span, fmt::format("more than {} constants are made of one another", max_constants),
                  scope, run);
  run.open_constants.push_back(name);
  Value value = evaluate(let.value, scope, run);
  run.open_constants.pop_back();
  return value;
}

// A let is evaluated where it is used, since the settings that it reads count there; but only once for each
// view.
Value value_of_policy_let(const ast::Let& let, const Scope& scope, Evaluation& run) {
  if (scope.view == nullptr || scope.is_elsewhere) return value_of_let(let, scope, run);
  const Evaluation::LetKey key{&let, scope.missing, scope.only_own_name};
  if (const auto cached = run.lets.find(key); cached != run.lets.end()) {
    run.trace.add(cached->second.trace);
    return cached->second.value;
  }
  CachedValue made = traced(run, [&] { return value_of_let(let, scope, run); });
  return run.lets.insert_or_assign(key, std::move(made)).first->second.value;
}

// A constant has the same value everywhere, so it is computed once. Otherwise twenty constants that each use
// the previous one twice would need a million steps. But if it reads anything of a host, another host needs
// its own value.
Value value_of_constant(const ast::Let& let, const Scope& scope, Evaluation& run) {
  const std::pair key{&let, scope.missing};
  if (const auto cached = run.constants.find(key); cached != run.constants.end()) {
    if (!scope.is_elsewhere || cached->second.trace.reads.empty()) {
      run.trace.add(cached->second.trace);
      return cached->second.value;
    }
  }
  CachedValue made = traced(run, [&] { return value_of_let(let, scope, run); });
  Value value = made.value;
  const bool holds_here = !scope.is_elsewhere || made.trace.reads.empty();
  // Failures are cached too. Otherwise each constant on the way would double the time.
  if (holds_here) run.constants.emplace(key, std::move(made));
  return value;
}

Scope without_names(Scope scope) {
  scope.names = nullptr;
  scope.inclusion = nullptr;
  scope.visible_parameters = SIZE_MAX;
  scope.lets = nullptr;
  return scope;
}

// The value of a number that policies declare: for a policy for the fleet the site's value, else the host's.
std::optional<Value> value_of_number(const std::string& name, const Scope& scope, Evaluation& run) {
  const ParamInfo* number = scope.view == nullptr ? nullptr : number_named(run.fleet, name);
  if (number == nullptr) return std::nullopt;
  if (scope.plan == nullptr) {
    const auto constant = run.fleet.constants.find(name);
    Scope bare = without_names(scope);
    bare.shipped_policy = false;
    if (constant != run.fleet.constants.end()) return value_of_constant(*constant->second.syntax, bare, run);
  } else if (const Setting* setting = scope.plan->find(name)) {
    run.trace.looked_at.push_back(setting);
    return setting->value;
  } else if (std::ranges::find(scope.plan->failed_settings, name) != scope.plan->failed_settings.end()) {
    run.trace.is_spoiled = true;
    return Value{Poison{}};
  }
  return number->defaults.front().value;
}

Value parameter_value(const Inclusion& of, const ast::Expr& expr, const Scope& scope, Evaluation& run) {
  const std::pair key{&of, &expr};
  if (const auto cached = run.parameters.find(key); cached != run.parameters.end()) {
    run.trace.add(cached->second.trace);
    return cached->second.value;
  }
  CachedValue made = traced(run, [&] { return evaluate(expr, scope, run); });
  return run.parameters.emplace(key, std::move(made)).first->second.value;
}

// The value of an argument for the current host.
Value argument_value(const Inclusion& of, std::size_t number, const Scope& scope, Evaluation& run) {
  Scope around = scope;
  around.missing = MissingFacts::are_mistakes;
  around.inclusion = of.around;
  around.visible_parameters = SIZE_MAX;
  around.shown_at = place_to_show(of.around, *scope.host);
  if (of.own) run.trace.reads.insert(declared_leaf(of.own->first_part + number));
  const ast::Include* include = of.as_written_by(*scope.host).include;
  return parameter_value(of, *include->arguments[number].value, around, run);
}

}  // namespace

Value value_of_name(const std::string& name, const Scope& scope, Evaluation& run) {
  if (scope.names != nullptr) {
    if (const auto found = scope.names->find(name); found != scope.names->end()) return found->second;
  }
  if (scope.inclusion != nullptr) {
    if (auto value = parameter(name, scope, run)) return std::move(*value);
  }
  if (scope.lets != nullptr) {
    const auto let = std::ranges::find(*scope.lets, name,
                                       [](const ast::Let& l) -> const std::string& { return l.name.text; });
    if (let != scope.lets->end()) return value_of_policy_let(*let, scope, run);
  }
  if (auto number = value_of_number(name, scope, run)) return std::move(*number);
  const Fleet& fleet = run.fleet;
  const auto constant = fleet.constants.find(name);
  if (constant == fleet.constants.end() || scope.shown_at || scope.shipped_policy) {
    const auto quantity = scope.view != nullptr ? fleet.quantities.find(name) : fleet.quantities.end();
    if (quantity == fleet.quantities.end()) return symbol(name);
    // A shipped quantity does not see the constants of the site.
    Scope shipped = without_names(scope);
    shipped.shipped_policy = true;
    shipped.inclusion = scope.inclusion;
    return value_of_let(*quantity->second.syntax, shipped, run);
  }
  const Scope bare = without_names(scope);  // constants see no parameters
  // A constant that reads settings depends on the current host.
  return constant->second.looks_at_settings ? value_of_let(*constant->second.syntax, bare, run)
                                            : value_of_constant(*constant->second.syntax, bare, run);
}

std::optional<Value> parameter(const std::string& name, const Scope& scope, Evaluation& run) {
  const Inclusion& of = *scope.inclusion;
  if (const auto given = of.arguments.find(name); given != of.arguments.end())
    return argument_value(of, given->second, scope, run);
  const auto& declared = of.profile().syntax->parameters;
  const auto found = std::ranges::find(declared, name, [](const ast::Parameter& p) { return p.name.text; });
  const auto index = static_cast<std::size_t>(found - declared.begin());
  // A default can use the parameters before it.
  if (found == declared.end() || index >= scope.visible_parameters) return std::nullopt;
  if (!found->default_value) return Value{Poison{}};
  Scope within = scope;
  within.missing = MissingFacts::are_mistakes;
  within.visible_parameters = index;
  within.shown_at = place_to_show(&of, *scope.host);
  return parameter_value(of, *found->default_value, within, run);
}

std::string parameters_text(const Inclusion& of, const Scope& scope, Evaluation& run) {
  // Evaluates the arguments in the order of the text, so that mistakes are reported in this order.
  for (const std::size_t number : of.written) argument_value(of, number, scope, run);
  Scope within = scope;
  within.inclusion = &of;
  within.visible_parameters = SIZE_MAX;
  std::map<std::string, Value> values;
  for (const ast::Parameter& declared : of.profile().syntax->parameters)
    values[declared.name.text] = *parameter(declared.name.text, within, run);
  for (const auto& [name, number] : of.arguments) values[name] = argument_value(of, number, within, run);
  std::string text;
  for (const auto& [name, value] : values) text += name + "=" + to_source(value) + ";";
  return text;
}

const BoundInclude& Inclusion::as_written_by(const EvaluatedHost& host) const {
  if (!own) return *include;
  std::size_t number = 0;
  for (const BoundStatement& statement : host.declared->by_name[own->declaration]->body) {
    const auto* found = std::get_if<BoundInclude>(&statement);
    if (found != nullptr && number++ == own->include) return *found;
  }
  return *include;  // not reached: hosts of a class have the same inclusions
}

std::optional<Span> place_to_show(const Inclusion* inclusion, const EvaluatedHost& host) {
  if (inclusion == nullptr || inclusion->shown_by == nullptr) return std::nullopt;
  return inclusion->shown_by->as_written_by(host).where;
}

Inclusion inclusion_of(const BoundInclude& include) {
  Inclusion of;
  of.include = &include;
  const auto& declared = include.profile->syntax->parameters;
  const auto& arguments = include.include->arguments;
  std::size_t position = 0;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool has_label{arguments[i].label};
    if (!has_label && position >= declared.size()) continue;  // one too many: the binder has reported it
    of.written.push_back(i);
    of.arguments[has_label ? arguments[i].label->text : declared[position++].name.text] = i;
  }
  return of;
}

void Trace::add(const Trace& other) {
  reads.insert(other.reads.begin(), other.reads.end());
  looked_at.insert(looked_at.end(), other.looked_at.begin(), other.looked_at.end());
  is_spoiled = is_spoiled || other.is_spoiled;
  unknown_facts.insert(unknown_facts.end(), other.unknown_facts.begin(), other.unknown_facts.end());
}

}  // namespace tunec
