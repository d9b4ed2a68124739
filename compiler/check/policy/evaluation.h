// One evaluation of a policy or a budget for one subject: the evaluator, and everything that it reads.
#pragma once

#include "check/policy/subjects.h"
#include "plan/expr/fleet_index.h"

namespace tunec {

// Its members point into one another, so it is neither copied nor moved.
struct PolicyEvaluation {
  PolicyEvaluation(const PolicyDecl& policy, const PolicySubject& subject, const CheckInput& input,
                   FleetIndex& index, Reporter& reporter);
  PolicyEvaluation(const PolicyEvaluation&) = delete;
  PolicyEvaluation& operator=(const PolicyEvaluation&) = delete;

  bool applies();  // whether `where` and every `when` hold

  const PolicyDecl& policy;
  EvaluatedHost who;
  PolicyView view;
  std::vector<ScopeEntry> entries;
  Parameters extra_names;  // names that the policy's texts may use besides its own: `group`, `excess`
  Evaluator evaluate;
};

}  // namespace tunec
