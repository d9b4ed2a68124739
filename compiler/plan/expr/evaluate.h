// Expressions to values. The same evaluation serves settings (facts, constants, a profile's parameters) and
// policies (which may look at settings too). Comes in: an expression and its Scope. Goes out: a value, and in
// the Evaluation's trace all that it depends on. A mistake is reported once and gives Poison, which is silent
// from there on.
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

// A run over any number of expressions: it collects their traces, and keeps what they have in common.
struct Evaluation {
  Evaluation(const Fleet& of, Reporter& to) : fleet(of), reporter(to) {}

  const Fleet& fleet;
  Reporter& reporter;
  Trace trace;

  // Of the evaluation's own functions:
  std::size_t steps = 0;
  std::vector<std::string_view> open_constants;  // a constant that needs itself is a mistake
  std::map<std::pair<const ast::Let*, MissingFacts>, CachedValue> constants;
  std::map<std::pair<const Inclusion*, const ast::Expr*>, CachedValue> parameters;
  using LetKey = std::tuple<const ast::Let*, MissingFacts, bool>;  // the last: Scope::only_own_name
  std::map<LetKey, CachedValue> lets;
};

Value evaluate(const ast::Expr& expr, const Scope& scope, Evaluation& run);
// on or off; nothing if it is poisoned or, reported, no condition.
std::optional<bool> condition(const ast::Expr& expr, const Scope& scope, Evaluation& run);
// Of a `when`: a host without the label that it asks for is simply none of those.
std::optional<bool> decision(const ast::Expr& expr, const Scope& scope, Evaluation& run);
// The parameters of an inclusion by the order of their names, as a text that tells one inclusion of a profile
// from another. `scope` is of the body that includes.
std::string parameters_text(const Inclusion& of, const Scope& scope, Evaluation& run);

// Many expressions of one scope.
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

// Arithmetic and sets; nothing where the operands do not go together. Whole numbers do not overflow silently.
std::optional<Value> arithmetic(ast::BinaryOp op, const Value& left, const Value& right);
// The instances, items or settings of one host that a collection's name stands for.
std::vector<ScopeEntry> entries_of(std::string_view collection, const HostPlan& host, FactReads& reads);
std::vector<ScopeEntry> entries_of(std::string_view collection, const HostPlan& host);
EvaluatedHost evaluated(const HostPlan& host);

}  // namespace tunec
