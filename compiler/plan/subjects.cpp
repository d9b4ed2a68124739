// Nothing here is quadratic in hosts unless a policy for pairs says so: pairs that are joined (`where a.X == b.Y`) are found by what they
// are joined by, and hosts that a policy cannot tell apart are one.
#include "plan/subjects.h"

#include <algorithm>
#include <map>

#include "diagnostics/diag.h"
#include "plan/asking.h"
#include "syntax/walk.h"

namespace tunec {
namespace {

constexpr std::size_t most_pairs = 1'000'000;

bool mentions(const ast::Expr& expr, std::string_view host) {
  return ast::any_within(expr, [&](const ast::Expr& within) {
    const auto* path = std::get_if<ast::Path>(&within.node);
    return path != nullptr && path->parts.size() > 1 && path->parts.front().name.text == host;
  });
}

// The two sides of a join: what is asked of a, what of b.
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
  const auto only = [](const ast::Expr& side, std::string_view host, std::string_view other) { return mentions(side, host) && !mentions(side, other); };
  if (only(*binary->left, "a", "b") && only(*binary->right, "b", "a")) joins.push_back({&*binary->left, &*binary->right});
  else if (only(*binary->left, "b", "a") && only(*binary->right, "a", "b")) joins.push_back({&*binary->right, &*binary->left});
}

}  // namespace

std::string scope_of(const ast::Policy& policy) { return policy.scope ? policy.scope->text : "host"; }

std::vector<std::vector<const HostPlan*>> Subjects::alike(const ast::Policy& policy) const {
  const Outlook outlook(policy, input_.fleet, input_.effective);
  std::vector<std::vector<const HostPlan*>> groups;
  for (const auto& hosts : classes_) {
    std::vector<const HostPlan*> same;
    for (const HostPlan* host : hosts) {
      if (outlook.sets_apart(*host)) groups.push_back({host});
      else same.push_back(host);
    }
    if (!same.empty()) groups.push_back(std::move(same));
  }
  return groups;
}

void Subjects::each(const PolicyDecl& policy, const AskSubject& ask) {
  const std::string scope = scope_of(*policy.syntax);
  if (scope == "fleet") return groups(policy, ask);
  if (scope == "pair") return pairs(policy, ask);
  for (auto& hosts : alike(*policy.syntax)) {
    PolicySubject subject{std::move(hosts), nullptr, {}, {}};
    subject.host = subject.hosts.front();
    if (scope == "host") {
      ask(subject);
      continue;
    }
    for (const Scope& one : scopes_of(scope, *subject.host)) {
      subject.scopes = one.nested();
      ask(subject);
    }
  }
}

// `for fleet per host.rack where …`: the hosts of each rack; without `per`, all of them.
void Subjects::groups(const PolicyDecl& policy, const AskSubject& ask) {
  const ast::Policy& syntax = *policy.syntax;
  std::map<std::string, PolicySubject> groups;
  for (const HostPlan* host : hosts_) {
    Asking asking(policy, {{host}, host, {}, {}}, input_, directory_, reporter_);
    Evaluator& evaluate = asking.evaluate;
    if (syntax.where && evaluate.condition(*syntax.where) != true) continue;
    const Value group = syntax.per ? evaluate(*syntax.per) : Value{std::string()};
    if (group.poisoned()) continue;
    PolicySubject& known = groups[to_text(group)];
    known.hosts.push_back(host);
    if (known.hosts.size() == 1) known.told["group"] = group;
  }
  for (const auto& [name, subject] : groups) ask(subject);
}

void Subjects::pairs(const PolicyDecl& policy, const AskSubject& ask) {
  const ast::Policy& syntax = *policy.syntax;
  const auto alike_hosts = alike(syntax);
  std::vector<Join> joins;
  if (syntax.where) find_joins(*syntax.where, joins);
  // What each is joined by, as b; and, of the same list, those that no `where` joins.
  const auto key_of = [&](const HostPlan& host, bool as_a) -> std::optional<std::string> {
    std::string key;
    Asking asking(policy, {{&host}, nullptr, {{"a", "", {}, nullptr, &host, {}}, {"b", "", {}, nullptr, &host, {}}}, {}}, input_, directory_, reporter_);
    for (const Join& join : joins) {
      const Value value = asking.evaluate(as_a ? *join.of_a : *join.of_b);
      if (value.poisoned()) return std::nullopt;
      key += to_text(value) + '\n';
    }
    return key;
  };
  std::map<std::string, std::vector<std::size_t>> by_key;
  std::vector<std::optional<std::string>> as_a(alike_hosts.size());
  bool symmetric = true;
  for (std::size_t i = 0; i < alike_hosts.size(); ++i) {
    as_a[i] = key_of(*alike_hosts[i].front(), true);
    const auto as_b = key_of(*alike_hosts[i].front(), false);
    symmetric = symmetric && as_a[i] == as_b;
    if (as_b) by_key[*as_b].push_back(i);
  }
  std::size_t asked = 0;
  const auto ask_pair = [&](const HostPlan* a, const HostPlan* b, std::vector<const HostPlan*> hosts) {
    ask({std::move(hosts), nullptr, {{"a", "", {}, nullptr, a, {}}, {"b", "", {}, nullptr, b, {}}}, {}});
  };
  for (std::size_t i = 0; i < alike_hosts.size(); ++i) {
    if (!as_a[i]) continue;
    const auto partners = by_key.find(*as_a[i]);
    if (partners == by_key.end()) continue;
    for (const std::size_t j : partners->second) {
      // Each two once, unless being joined means something else the other way round.
      if (symmetric && j < i) continue;
      if (i == j && alike_hosts[i].size() < 2) continue;
      if (++asked > most_pairs) {
        reporter_.report(policy.declared, diag::too_many_pairs, syntax.name.text, hosts_.size());
        return;
      }
      std::vector<const HostPlan*> hosts = alike_hosts[i];
      if (i != j) hosts.insert(hosts.end(), alike_hosts[j].begin(), alike_hosts[j].end());
      ask_pair(alike_hosts[i].front(), i == j ? alike_hosts[i][1] : alike_hosts[j].front(), std::move(hosts));
    }
  }
}

}  // namespace tunec
