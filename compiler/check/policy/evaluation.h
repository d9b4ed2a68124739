// A policy, or a budget, asked of one subject: the evaluator with all that it sees.
#pragma once

#include "check/policy/subjects.h"
#include "plan/expr/fleet_index.h"

namespace tunec {

// Its parts point into one another, so it stays where it is.
struct Asking {
  Asking(const PolicyDecl& policy, const PolicySubject& subject, const CheckInput& input,
         FleetIndex& directory, Reporter& reporter);
  Asking(const Asking&) = delete;
  Asking& operator=(const Asking&) = delete;

  bool applies();  // whether `where` and every `when` hold

  const PolicyDecl& policy;
  EvaluatedHost who;
  PolicyView view;
  std::vector<ScopeEntry> entries;
  Parameters told;  // what the policy is told beside its own names
  Evaluator evaluate;
};

}  // namespace tunec
