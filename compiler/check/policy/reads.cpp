#include "check/policy/reads.h"

#include <algorithm>

#include "plan/settle/collect.h"
#include "syntax/walk.h"

namespace tunec {

Outlook::Outlook(const ast::Policy& policy, const Fleet& fleet, const Effective& effective)
    : fleet_(fleet), effective_(effective) {
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
  if (const std::string& first = path.parts.front().name.text;
      pair_ && path.parts.size() > 1 && (first == "a" || first == "b")) {
    const ast::Path rest{{path.parts.begin() + 1, path.parts.end()}};
    identity_ = identity_ || mentions_identity({ast::Path{{{{"host", {}}, {}}, rest.parts.front()}}, {}});
    return add(rest);
  }
  if (!names_.insert(name).second || path.parts.size() > 1) return;
  for (const auto* constants : {&fleet_.constants, &fleet_.quantities}) {
    if (const auto found = constants->find(name); found != constants->end()) add(found->second.syntax->value);
  }
}

Seen Outlook::by_name(const ParamInfo& param, std::size_t instances) const {
  if (listeners_ && !param.listens.empty()) return Seen::its_value;
  std::string bare;
  for (const char c : param.name) {
    if (c != '(' && c != ')') bare += c;
  }
  if (names_.contains(bare)) return Seen::its_value;
  // By `for wireguard`, if it is there
  std::vector<std::string_view> gone_over{std::string_view(bare).substr(0, bare.find('.'))};
  if (const std::size_t inner = param.name.find("()."); inner != std::string::npos && instances > 1) {
    // peer.endpoint, of wireguard().peer().endpoint
    const std::string_view from_here = std::string_view(bare).substr(bare.find('.') + 1);
    if (names_.contains(from_here)) return Seen::its_value;
    gone_over.push_back(from_here.substr(0, from_here.find('.')));
  }
  const bool there = std::ranges::any_of(gone_over,
                                         [&](std::string_view name) { return names_.contains(name); });
  return there ? Seen::that_it_is_there : Seen::not_at_all;
}

Seen Outlook::sees(const Setting& setting, const HostPlan& host) const {
  const auto [known, first] = seen_.try_emplace(setting.param, Seen::not_at_all);
  if (first) known->second = by_name(*setting.param, setting.instances.size());
  if (known->second == Seen::its_value || states_.empty()) return known->second;
  const auto writes = effective_.states_of(setting, *host.facts);
  return std::ranges::any_of(writes, [&](const std::string& state) { return states_.contains(state); })
             ? Seen::its_value
             : known->second;
}

}  // namespace tunec
