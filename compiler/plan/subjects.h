// What a policy is asked of, one after the other: hosts (of those that are alike, one for all), instances, nodes, pairs, groups of the fleet.
#pragma once

#include <functional>
#include <vector>

#include "plan/check.h"
#include "plan/outlook.h"

namespace tunec {

struct PolicySubject {
  std::vector<const HostPlan*> hosts;         // that the answer is of: alike, or the two of a pair, or a group
  const HostPlan* host = nullptr;             // whose settings paths name; null for pairs and the fleet
  std::vector<Scope> scopes;
  Parameters told;                            // `group`
};

using AskSubject = std::function<void(const PolicySubject&)>;

class Subjects {
 public:
  Subjects(const CheckInput& input, const Plan& plan, Reporter& reporter) : input_(input), classes_(hosts_by_class(plan)), reporter_(reporter) {
    for (const HostPlan& host : plan.hosts) hosts_.push_back(&host);
  }

  void each(const PolicyDecl& policy, const AskSubject& ask) const;
  bool any() const { return !hosts_.empty(); }
  const std::vector<const HostPlan*>& hosts() const { return hosts_; }

 private:
  // Hosts that the policy cannot tell apart.
  std::vector<std::vector<const HostPlan*>> alike(const ast::Policy& policy) const;
  void groups(const PolicyDecl& policy, const AskSubject& ask) const;
  void pairs(const PolicyDecl& policy, const AskSubject& ask) const;

  const CheckInput& input_;
  std::vector<std::vector<const HostPlan*>> classes_;
  std::vector<const HostPlan*> hosts_;
  Reporter& reporter_;
};

std::string scope_of(const ast::Policy& policy);
// An evaluator's view of a subject.
SettingsInView view_of(const PolicySubject& subject, const CheckInput& input);

}  // namespace tunec
