#include "review/kept_apart.h"

#include <algorithm>

#include "check/policy/evaluation.h"

namespace tunec {
namespace {

// "label.service" of `host.label.service`, if that begins with `head`; empty if the expression is no such
// path.
std::string path_below(const ast::Expr& expr, std::string_view head) {
  const auto* path = std::get_if<ast::Path>(&expr.node);
  if (path == nullptr || path->parts.front().name.text != head) return "";
  std::string text;
  for (std::size_t i = 1; i < path->parts.size(); ++i) {
    if (path->parts[i].arguments) return "";
    text += (i == 1 ? "" : ".") + path->parts[i].name.text;
  }
  return text;
}

// What both hosts of a pair are compared by: "rack" of `a.rack == b.rack`.
std::string compared(const ast::Binary& comparison) {
  const std::string left = path_below(*comparison.left, "a"), right = path_below(*comparison.right, "b");
  const std::string swapped_left = path_below(*comparison.right, "a"),
                    swapped_right = path_below(*comparison.left, "b");
  if (!left.empty() && left == right) return left;
  return swapped_left == swapped_right ? swapped_left : "";
}

bool parts_pairs(const ast::Rule& rule, const std::vector<std::string>& domains) {
  const auto* comparison = std::get_if<ast::Binary>(&rule.value.node);
  if (comparison == nullptr) return false;
  const bool differ = (rule.kind == ast::RuleKind::require && comparison->op == ast::BinaryOp::not_equal) ||
                      (rule.kind == ast::RuleKind::forbid && comparison->op == ast::BinaryOp::equal);
  return differ && std::ranges::find(domains, compared(*comparison)) != domains.end();
}

// The side of host a in the condition that joins pairs; null if there is none.
const ast::Expr* join_in(const ast::Expr& condition) {
  const auto* binary = std::get_if<ast::Binary>(&condition.node);
  if (binary == nullptr) return nullptr;
  if (binary->op == ast::BinaryOp::and_) {
    const ast::Expr* left = join_in(*binary->left);
    return left != nullptr ? left : join_in(*binary->right);
  }
  return binary->op == ast::BinaryOp::equal && !compared(*binary).empty() ? &*binary->left : nullptr;
}

}  // namespace

KeptApart::KeptApart(const Side& side, const std::vector<std::string>& domains) : side_(side) {
  for (const HostPlan& host : side.plan.hosts) hosts_.push_back(&host);
  index_.hosts = hosts_;
  for (const PolicyDecl& policy : side.input.fleet.policies) {
    if (!policy.syntax->budget && !policy.names_nothing) find(policy, domains);
  }
}

void KeptApart::find(const PolicyDecl& policy, const std::vector<std::string>& domains) {
  const std::string scope = scope_of(*policy.syntax);
  const bool is_for_pairs = scope == "pair";
  if (!is_for_pairs && scope != "host") return;
  for (const ast::Rule& rule : policy.syntax->rules) {
    const ast::Expr* group = nullptr;
    if (is_for_pairs && policy.syntax->where && parts_pairs(rule, domains))
      group = join_in(*policy.syntax->where);
    const bool is_unique = !is_for_pairs && rule.kind == ast::RuleKind::unique && rule.per;
    if (is_unique && std::ranges::find(domains, path_below(rule.value, "host")) != domains.end())
      group = &*rule.per;
    if (group != nullptr) rules_.push_back({&policy, group, is_for_pairs});
  }
}

std::vector<KeptApart::Group> KeptApart::groups_of(const HostPlan& host) {
  std::vector<Group> groups;
  for (const Rule& rule : rules_) {
    Reporter quiet;  // what is wrong with the policy was reported when it was checked
    PolicySubject subject{{&host}, &host, {}, {}};
    if (rule.is_for_pairs)
      subject = {
          {&host}, nullptr, {{"a", "", {}, nullptr, &host, {}}, {"b", "", {}, nullptr, &host, {}}}, {}};
    PolicyEvaluation evaluation(*rule.policy, subject, side_.input, index_, quiet);
    if (!rule.is_for_pairs && !evaluation.applies()) continue;
    const Value group = evaluation.evaluate(*rule.group);
    if (!group.poisoned()) groups.push_back({rule.policy->syntax->name.text, to_text(group)});
  }
  return groups;
}

}  // namespace tunec
