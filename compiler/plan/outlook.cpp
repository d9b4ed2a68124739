#include "plan/outlook.h"

#include <algorithm>

#include "plan/collect.h"
#include "syntax/walk.h"

namespace tunec {

Outlook::Outlook(const ast::Policy& policy, const Fleet& fleet, const Effective& effective) : fleet_(fleet), effective_(effective) {
  pair_ = policy.scope && policy.scope->text == "pair";
  for (const ast::Let& let : policy.lets) add(let.value);
  for (const auto* one : {&policy.per, &policy.where, &policy.total}) {
    if (*one) add(**one);
  }
  for (const ast::Expr& condition : policy.conditions) add(condition);
  for (const ast::Rule& rule : policy.rules) {
    add(rule.value);
    if (rule.per) add(*rule.per);
  }
  for (const ast::Part& part : policy.parts) add(part.value);
  if (policy.scope && policy.scope->text != "host") names_.insert(policy.scope->text);
  if (policy.scope && policy.scope->text == "setting") settings_ = true;
  states_ = effective_.states_of(names_);
}

void Outlook::add(const ast::Expr& expr) {
  identity_ = identity_ || mentions_identity(expr);
  ast::any_within(expr, [&](const ast::Expr& within) {
    if (const auto* path = std::get_if<ast::Path>(&within.node)) add(*path);
    return false;
  });
}

void Outlook::add(const ast::Path& path) {
  std::string name;
  for (const ast::PathPart& part : path.parts) {
    name += (name.empty() ? "" : ".") + part.name.text;
    if (!part.arguments) continue;
    for (const ast::Argument& argument : *part.arguments) {
      if (argument.each) names_.insert(argument.each->text);
      if (argument.each && argument.each->text == "setting") settings_ = true;
    }
  }
  if (name == "listeners") listeners_ = true;
  if (const std::string& first = path.parts.front().name.text; pair_ && path.parts.size() > 1 && (first == "a" || first == "b")) {
    const ast::Path rest{{path.parts.begin() + 1, path.parts.end()}};
    identity_ = identity_ || mentions_identity({ast::Path{{{{"host", {}}, {}}, rest.parts.front()}}, {}});
    return add(rest);
  }
  if (!names_.insert(name).second || path.parts.size() > 1) return;
  for (const auto* constants : {&fleet_.constants, &fleet_.quantities}) {
    if (const auto found = constants->find(name); found != constants->end()) add(found->second.syntax->value);
  }
}

// Asked for each own setting of each host, of which there are few kinds.
bool Outlook::sees(const Setting& setting) const {
  const auto [known, first] = seen_.try_emplace(setting.param, false);
  if (!first) return known->second;
  if (settings_ || (listeners_ && !setting.param->listens.empty())) return known->second = true;
  std::string bare;
  for (const char c : setting.param->name) {
    if (c != '(' && c != ')') bare += c;
  }
  if (const std::size_t inner = setting.param->name.find("()."); inner != std::string::npos && setting.instances.size() > 1) {
    const std::size_t begin = inner + 3;  // peer, of wireguard().peer().endpoint
    if (names_.contains(std::string_view(setting.param->name).substr(begin, setting.param->name.find('(', begin) - begin))) return known->second = true;
  }
  return known->second = names_.contains(bare) || names_.contains(bare.substr(0, bare.find('.')));
}

bool Outlook::sets_apart(const HostPlan& host) const {
  if (identity_) return true;
  if (host.storage.size() < 2) return false;
  return std::ranges::any_of(*host.storage[1], [&](const Setting& s) { return sees(s); }) || (!states_.empty() &&
         std::ranges::any_of(effective_.own(host), [&](const Write& write) { return states_.contains(write.state); }));
}

}  // namespace tunec
