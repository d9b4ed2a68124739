#include "check/policy/reads.h"

#include <algorithm>
#include <array>

#include "machine/devices.h"
#include "site/builtin_names.h"
#include "syntax/walk.h"

namespace tunec {
namespace {

std::string dotted(const ast::Path& path, std::size_t from) {
  std::string name;
  for (std::size_t i = from; i < path.parts.size(); ++i)
    name += (name.empty() ? "" : ".") + path.parts[i].name.text;
  return name;
}

// Functions whose result depends on the machine, and not only on their arguments.
bool reads_facts(std::string_view function) {
  constexpr std::array<std::string_view, 4> functions{"functions", "node", "on_node", "siblings"};
  return std::ranges::find(functions, function) != functions.end();
}

bool is_listener(const ParamInfo& param) { return !param.listens.empty(); }

}  // namespace

Surfaces surfaces_in(const ast::Expr& where, const ast::Policy& policy, const Fleet& fleet) {
  const auto* binary = std::get_if<ast::Binary>(&where.node);
  if (binary == nullptr) return std::nullopt;
  if (binary->op == ast::BinaryOp::and_) {
    auto left = surfaces_in(*binary->left, policy, fleet);
    return left ? left : surfaces_in(*binary->right, policy, fleet);
  }
  const auto* path = std::get_if<ast::Path>(&binary->left->node);
  const bool asks = path != nullptr && path->parts.size() == 2 && path->parts[0].name.text == "setting" &&
                    path->parts[1].name.text == "surface" && !path->parts[1].arguments;
  if (!asks) return std::nullopt;
  std::vector<const ast::Expr*> names;
  if (binary->op == ast::BinaryOp::equal) names.push_back(&*binary->right);
  if (const auto* list = std::get_if<ast::ListExpr>(&binary->right->node);
      list != nullptr && binary->op == ast::BinaryOp::in) {
    for (const auto& item : list->items) names.push_back(&*item);
  }
  std::set<std::string, std::less<>> surfaces;
  for (const ast::Expr* expr : names) {
    const auto name = plain_name(*expr);
    const auto is_let = [&](const ast::Let& let) { return name == let.name.text; };
    if (!name || fleet.constants.contains(*name) || fleet.quantities.contains(*name) ||
        std::ranges::any_of(policy.lets, is_let))
      return std::nullopt;
    surfaces.insert(*name);
  }
  return names.empty() ? std::nullopt : std::optional(std::move(surfaces));
}

ReadableParam::ReadableParam(const ParamInfo& info) : param(&info), name(without_instances(info.name)) {
  collection = name.substr(0, name.find('.'));
  const std::size_t first = info.name.find("().");
  if (first == std::string::npos || info.name.find("()", first + 1) == std::string::npos) return;
  inner = name.substr(name.find('.') + 1);
  inner_collection = inner.substr(0, inner.find('.'));
}

PolicyReads::PolicyReads(const ast::Policy& policy, const Fleet& fleet, const BootState& boot_state)
    : policy_(&policy) {
  const std::string scope = policy.scope ? policy.scope->text : "host";
  pair_ = scope == "pair";
  for (const ast::Let& let : policy.lets) add_expr(let.value, fleet);
  for (const auto* part : {&policy.per, &policy.where}) {
    if (*part) add_expr(**part, fleet);
  }
  if (scope != "fleet") add_rules(policy, fleet);
  if (scope != "host") {
    scope_ = scope;
    add_collection(scope);
  }
  states_ = boot_state.states_of(names_);
}

void PolicyReads::add_rules(const ast::Policy& policy, const Fleet& fleet) {
  if (policy.total) add_expr(*policy.total, fleet);
  for (const ast::Expr& condition : policy.conditions) add_expr(condition, fleet);
  for (const ast::Rule& rule : policy.rules) {
    add_expr(rule.value, fleet);
    if (rule.per) add_expr(*rule.per, fleet);
  }
  for (const ast::Part& part : policy.parts) add_expr(part.value, fleet);
}

void PolicyReads::add(const PolicyReads& other) {
  names_.insert(other.names_.begin(), other.names_.end());
  states_.insert(other.states_.begin(), other.states_.end());
  facts_.insert(other.facts_.begin(), other.facts_.end());
  listeners_ = listeners_ || other.listeners_;
  settings_.insert(other.settings_.begin(), other.settings_.end());
}

void PolicyReads::add_expr(const ast::Expr& expr, const Fleet& fleet) {
  ast::any_within(expr, [&](const ast::Expr& within) {
    if (const auto* path = std::get_if<ast::Path>(&within.node)) add_path(*path, fleet);
    return false;
  });
}

void PolicyReads::add_collection(const std::string& name) {
  names_.insert(name);
  if (!item_fields(name).empty()) facts_.insert(name);
}

void PolicyReads::add_path(const ast::Path& path, const Fleet& fleet) {
  const std::string name = dotted(path, 0);
  const std::string& first = path.parts.front().name.text;
  for (const ast::PathPart& part : path.parts) {
    if (!part.arguments) continue;
    for (const ast::Argument& argument : *part.arguments) {
      if (!argument.each) continue;
      add_collection(argument.each->text);
      if (argument.each->text == "setting")
        settings_.insert(argument.where ? surfaces_in(**argument.where, *policy_, fleet) : std::nullopt);
    }
  }
  listeners_ = listeners_ || name == "listeners";
  if (path.parts.size() == 1) {
    if (path.parts.front().arguments && reads_facts(first)) facts_.insert(first + "()");
    if (!names_.insert(name).second) return;
    for (const auto* constants : {&fleet.constants, &fleet.quantities}) {
      if (const auto found = constants->find(name); found != constants->end())
        add_expr(found->second.syntax->value, fleet);
    }
    return;
  }
  const std::string rest = dotted(path, 1);
  if (first == "host") {
    facts_.insert(rest);
  } else if (pair_ && (first == "a" || first == "b")) {
    if (is_fact_name(rest)) facts_.insert(rest);
    names_.insert(rest);
  } else if (!item_fields(first).empty()) {
    facts_.insert(name);
  }
  names_.insert(name);
}

Read PolicyReads::of(const ReadableParam& readable) const {
  if (listeners_ && is_listener(*readable.param)) return Read::value;
  if (names_.contains(readable.name)) return Read::value;
  if (!readable.inner.empty() && names_.contains(readable.inner)) return Read::value;
  for (const std::string& state : readable.states) {
    if (states_.contains(state)) return Read::value;
  }
  // `for wireguard` reads which instances exist.
  const bool there = names_.contains(readable.collection) ||
                     (!readable.inner.empty() && names_.contains(readable.inner_collection));
  return there ? Read::presence : Read::nothing;
}

}  // namespace tunec
