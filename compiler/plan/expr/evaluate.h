// Expressions to values. Settings (facts, constants, a profile's parameters) and policies (which may read
// settings too) use the same evaluation. Comes in: an expression and its Scope. Goes out: a value, and in the
// Evaluation's trace everything that it depends on. A mistake is reported once and gives Poison, which causes
// no further reports.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diagnostics/reporter.h"
#include "plan/expr/scope.h"
#include "plan/expr/trace.h"
#include "site/fleet.h"

namespace tunec {

struct CachedValue {
  Value value;
  Trace trace;
};

// A run over any number of expressions. It collects their traces, and caches what they have in common.
struct Evaluation {
  Evaluation(const Fleet& of, Reporter& to) : fleet(of), reporter(to) {}

  const Fleet& fleet;
  Reporter& reporter;
  Trace trace;

  // For the evaluation's own functions:
  std::size_t steps = 0;
  std::vector<std::string_view> open_constants;  // to find a constant that needs itself
  std::map<std::pair<const ast::Let*, MissingFacts>, CachedValue> constants;
  std::map<std::pair<const Inclusion*, const ast::Expr*>, CachedValue> parameters;
  using LetKey = std::tuple<const ast::Let*, MissingFacts, bool>;  // the last: Scope::only_own_name
  std::map<LetKey, CachedValue> lets;
};

Value evaluate(const ast::Expr& expr, const Scope& scope, Evaluation& run);
// on or off; nothing if the value is poisoned, or is no condition (which is reported).
std::optional<bool> condition(const ast::Expr& expr, const Scope& scope, Evaluation& run);
// For a `when`: a host without the label that the condition reads does not satisfy it.
std::optional<bool> decision(const ast::Expr& expr, const Scope& scope, Evaluation& run);
// The values of an inclusion's parameters, ordered by name, as a text. It distinguishes one inclusion of a
// profile from another. `scope` is the scope of the including body.
std::string parameters_text(const Inclusion& of, const Scope& scope, Evaluation& run);

// Evaluates many expressions of one scope.
class Evaluator {
 public:
  Evaluator(const Fleet& fleet, Scope scope, Reporter& reporter)
      : scope_(std::move(scope)), run_(fleet, reporter) {}

  Value operator()(const ast::Expr& expr) { return evaluate(expr, scope_, run_); }
  std::optional<bool> condition(const ast::Expr& expr) { return tunec::condition(expr, scope_, run_); }
  const Scope& scope() const { return scope_; }
  Trace& trace() { return run_.trace; }

 private:
  Scope scope_;
  Evaluation run_;
};

// Arithmetic and sets; nothing if the operands do not fit together. Whole numbers do not overflow silently.
std::optional<Value> arithmetic(ast::BinaryOp op, const Value& left, const Value& right);
// The instances, items or settings of one host for which a collection's name stands.
std::vector<ScopeEntry> entries_of(std::string_view collection, const HostPlan& host, FactReads& reads);
std::vector<ScopeEntry> entries_of(std::string_view collection, const HostPlan& host);
EvaluatedHost evaluated(const HostPlan& host);

}  // namespace tunec
