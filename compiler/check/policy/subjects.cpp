// Nothing here is quadratic in the number of hosts, except a policy for pairs without a join. Joined pairs
// (`where a.X == b.Y`) are found by the value that joins them. Hosts that a policy cannot distinguish count
// as one.
#include "check/policy/subjects.h"

#include <algorithm>
#include <map>
#include <set>

#include "check/policy/evaluation.h"
#include "diagnostics/diag.h"
#include "machine/devices.h"
#include "syntax/walk.h"

namespace tunec {
namespace {

constexpr std::size_t max_pairs = 1'000'000;

bool mentions(const ast::Expr& expr, std::string_view host) {
  return ast::any_within(expr, [&](const ast::Expr& within) {
    const auto* path = std::get_if<ast::Path>(&within.node);
    return path != nullptr && path->parts.size() > 1 && path->parts.front().name.text == host;
  });
}

// The two sides of a join: the expression of host a, and that of host b.
struct Join {
  const ast::Expr* of_a = nullptr;
  const ast::Expr* of_b = nullptr;
};

void find_joins(const ast::Expr& expr, std::vector<Join>& joins) {
  const auto* binary = std::get_if<ast::Binary>(&expr.node);
  if (binary == nullptr) return;
  if (binary->op == ast::BinaryOp::and_) {
    find_joins(*binary->left, joins);
    find_joins(*binary->right, joins);
  }
  if (binary->op != ast::BinaryOp::equal) return;
  const auto only = [](const ast::Expr& side, std::string_view host, std::string_view other) {
    return mentions(side, host) && !mentions(side, other);
  };
  if (only(*binary->left, "a", "b") && only(*binary->right, "b", "a"))
    joins.push_back({&*binary->left, &*binary->right});
  else if (only(*binary->left, "b", "a") && only(*binary->right, "a", "b"))
    joins.push_back({&*binary->right, &*binary->left});
}

}  // namespace

std::string scope_of(const ast::Policy& policy) { return policy.scope ? policy.scope->text : "host"; }

void Subjects::each(const PolicyDecl& policy, const PolicyReads& reads, const CheckSubject& ask) {
  const std::string scope = scope_of(*policy.syntax);
  if (scope == "fleet") return groups(policy, reads, ask);
  if (scope == "pair") return pairs(policy, reads, ask);
  std::vector<HostGroup> groups = groups_.of(reads);
  const bool of_instances = item_fields(scope).empty();
  std::map<std::size_t, std::vector<ScopeEntry>> instances;  // by layout
  std::vector<bool> passed(
      groups.empty() ? 0 : std::ranges::max(groups, {}, &HostGroup::same_verdict_as).same_verdict_as + 1);
  const auto wanted = scope == "setting" && policy.syntax->where
                          ? surfaces_in(*policy.syntax->where, *policy.syntax, input_.fleet)
                          : std::nullopt;
  for (HostGroup& group : groups) {
    if (passed[group.same_verdict_as]) continue;
    if (scope == "setting") {
      settings(std::move(group.hosts), wanted, ask);
      continue;
    }
    PolicySubject subject{std::move(group.hosts), nullptr, {}, {}};
    subject.host = subject.hosts.front();
    bool amiss = false;
    if (scope == "host") {
      amiss = ask(subject);
    } else {
      const auto [scopes, first] = instances.try_emplace(of_instances ? group.layout : instances.size());
      if (first) scopes->second = entries_of(scope, *subject.host);
      for (const ScopeEntry& entry : scopes->second) {
        subject.entries = entry.nested();
        amiss = ask(subject) || amiss;
      }
    }
    passed[group.same_verdict_as] = !amiss;
  }
}

// A shared setting is one subject for all hosts that it holds on; a host's own setting is one for that host.
// Only settings on the surfaces that the policy's condition allows: an evaluation takes a hundred times as
// long as this test.
void Subjects::settings(HostPlans hosts, const Surfaces& wanted, const CheckSubject& ask) {
  const auto is_wanted = [&](const Setting& setting) {
    return !is_number(setting) && (!wanted || wanted->contains(setting.surface));
  };
  const auto about = [&](const Setting& setting, HostPlans who) {
    PolicySubject subject{
        std::move(who), nullptr, {{"setting", setting.name, std::nullopt, &setting, nullptr, {}}}, {}};
    subject.host = subject.hosts.front();
    ask(subject);
  };
  if (hosts.size() == 1) {
    for (const Setting* setting : hosts.front()->settings) {
      if (is_wanted(*setting)) about(*setting, hosts);
    }
    return;
  }
  std::map<std::string_view, std::set<const HostPlan*>> own;  // hosts with their own setting of this name
  for (const HostPlan* host : hosts) {
    for (const Setting& setting : host->own) own[setting.name].insert(own[setting.name].end(), host);
  }
  for (const Setting& setting : *hosts.front()->shared) {
    if (!is_wanted(setting)) continue;
    HostPlans who;
    const auto others = own.find(setting.name);
    if (others == own.end()) who = hosts;
    else
      std::ranges::copy_if(hosts, std::back_inserter(who),
                           [&](const HostPlan* host) { return !others->second.contains(host); });
    if (!who.empty()) about(setting, std::move(who));
  }
  for (const HostPlan* host : hosts) {
    for (const Setting& setting : host->own) {
      if (is_wanted(setting)) about(setting, {host});
    }
  }
}

// `for fleet per host.rack where …`: the hosts of each rack; without `per`, all of them.
void Subjects::groups(const PolicyDecl& policy, const PolicyReads& reads, const CheckSubject& ask) {
  const ast::Policy& syntax = *policy.syntax;
  std::map<std::string, PolicySubject> groups;
  for (const HostPlans& hosts : groups_.by_verdict(reads)) {
    PolicyEvaluation evaluation(policy, {hosts, hosts.front(), {}, {}}, input_, directory_, reporter_);
    Evaluator& evaluate = evaluation.evaluate;
    if (syntax.where && evaluate.condition(*syntax.where) != true) continue;
    const Value group = syntax.per ? evaluate(*syntax.per) : Value{std::string()};
    if (group.poisoned()) continue;
    PolicySubject& subject = groups[to_text(group)];
    if (subject.hosts.empty()) subject.extra_names["group"] = group;
    subject.hosts.insert(subject.hosts.end(), hosts.begin(), hosts.end());
  }
  for (auto& [name, subject] : groups) {
    std::ranges::sort(subject.hosts, {}, &HostPlan::name);
    ask(subject);
  }
}

void Subjects::pairs(const PolicyDecl& policy, const PolicyReads& reads, const CheckSubject& ask) {
  const ast::Policy& syntax = *policy.syntax;
  const std::vector<HostGroup> groups = groups_.of(reads);
  std::vector<Join> joins;
  if (syntax.where) find_joins(*syntax.where, joins);
  // The value by which a host is joined, as a or as b; empty without a join, nothing if the value is unknown.
  const auto key_of = [&](const HostPlan& host, bool as_a) -> std::optional<std::string> {
    std::string key;
    PolicyEvaluation evaluation(
        policy,
        {{&host}, nullptr, {{"a", "", {}, nullptr, &host, {}}, {"b", "", {}, nullptr, &host, {}}}, {}},
        input_, directory_, reporter_);
    for (const Join& join : joins) {
      const Value value = evaluation.evaluate(as_a ? *join.of_a : *join.of_b);
      if (value.poisoned()) return std::nullopt;
      key += to_text(value) + '\n';
    }
    return key;
  };
  std::map<std::string, std::vector<std::size_t>> by_key;
  std::vector<std::optional<std::string>> as_a(groups.size());
  bool symmetric = true;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    as_a[i] = key_of(*groups[i].hosts.front(), true);
    const auto as_b = key_of(*groups[i].hosts.front(), false);
    symmetric = symmetric && as_a[i] == as_b;
    if (as_b) by_key[*as_b].push_back(i);
  }
  std::size_t pairs_asked = 0;
  const auto ask_pair = [&](const HostPlan* a, const HostPlan* b, HostPlans hosts) {
    return ask(
        {std::move(hosts), nullptr, {{"a", "", {}, nullptr, a, {}}, {"b", "", {}, nullptr, b, {}}}, {}});
  };
  std::set<std::pair<std::size_t, std::size_t>> passed;  // pairs of verdicts that passed
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!as_a[i]) continue;
    const auto partners = by_key.find(*as_a[i]);
    if (partners == by_key.end()) continue;
    for (const std::size_t j : partners->second) {
      // Each pair once, unless a host joins by another value as b.
      if (symmetric && j < i) continue;
      if (i == j && groups[i].hosts.size() < 2) continue;
      if (++pairs_asked > max_pairs) {
        reporter_.report(policy.declared, diag::too_many_pairs, syntax.name.text, hosts_.size());
        return;
      }
      const std::pair verdicts{groups[i].same_verdict_as, groups[j].same_verdict_as};
      if (passed.contains(verdicts)) continue;
      HostPlans hosts = groups[i].hosts;
      if (i != j) hosts.insert(hosts.end(), groups[j].hosts.begin(), groups[j].hosts.end());
      const bool amiss = ask_pair(groups[i].hosts.front(),
                                  i == j ? groups[i].hosts[1] : groups[j].hosts.front(), std::move(hosts));
      if (!amiss) passed.insert(verdicts);
    }
  }
}

}  // namespace tunec
