// The functions of an evaluation, which call one another. One file each: conditions and operators
// (evaluate.cpp), facts, parameters, settings, functions, collections, other hosts, and tests' outcomes.
#pragma once

#include <variant>

#include "plan/expr/evaluate.h"

namespace tunec {

// Evaluates with a separate trace, which is then added to the run's.
template <class Function>
CachedValue traced(Evaluation& run, const Function& function) {
  Trace& trace = run.trace;
  FactReads reads = std::exchange(trace.reads, {});
  const bool was_spoiled = std::exchange(trace.is_spoiled, false);
  const auto looked_at = static_cast<std::ptrdiff_t>(trace.looked_at.size());
  const auto unknown = static_cast<std::ptrdiff_t>(trace.unknown_facts.size());
  CachedValue made{function(), {}};
  made.trace = {trace.reads,
                {trace.looked_at.begin() + looked_at, trace.looked_at.end()},
                trace.is_spoiled,
                {trace.unknown_facts.begin() + unknown, trace.unknown_facts.end()}};
  trace.reads.insert(reads.begin(), reads.end());
  trace.is_spoiled = trace.is_spoiled || was_spoiled;
  return made;
}

// Reports operands that do not fit together.
Value poison(Span span, std::string message, const Scope& scope, Evaluation& run, std::string help = {});
Draft labelled(Draft draft, Span span, const Scope& scope);
Value bounded(Value value, Span span, const Scope& scope, Evaluation& run);  // lists have a largest length

// operators.cpp
Value value_of_unary(const ast::Unary& unary, Span span, const Scope& scope, Evaluation& run);
Value value_of_binary(const ast::Binary& binary, Span span, const Scope& scope, Evaluation& run);
// names.cpp
Value value_of_name(const std::string& name, const Scope& scope, Evaluation& run);
std::optional<Value> parameter(const std::string& name, const Scope& scope, Evaluation& run);
// facts.cpp: `host.memory`
Value host_fact(const ast::Path& path, Span span, const Scope& scope, Evaluation& run);
RecordedFacts facts_of(const Scope& scope, Evaluation& run);
// settings.cpp
Value setting_value(const ast::Path& path, Span span, const Scope& scope, Evaluation& run);
Value is_set(const ast::Expr& expr, const Scope& scope, Evaluation& run);
Value instance_names(const ast::Expr& expr, const Scope& scope, Evaluation& run);
// for_each.cpp: `f(pool.cpus for pool)`
Value for_each(const ast::Argument& argument, const Scope& scope, Evaluation& run);
Value value_in_entry(const ScopeEntry& entry, const ast::Path& path, Span span, const Scope& scope,
                     Evaluation& run);
// fleet_lookup.cpp
Value listeners(const ast::PathPart& call, Span span, const Scope& scope, Evaluation& run);
Value lookup(const ast::PathPart& call, const Scope& scope, Evaluation& run);
// test_outcome.cpp
Value test_outcome(const ast::PathPart& call, const Scope& scope, Evaluation& run);

// functions.cpp: functions that read only their arguments. A string is an error text.
std::variant<Value, std::string> call_function(std::string_view name, const std::vector<Value>& arguments,
                                               RecordedFacts facts);
// The same for functions over ports, addresses and prefixes; nothing if it is none of these.
std::optional<std::variant<Value, std::string>> call_network_function(std::string_view name,
                                                                      const std::vector<Value>& arguments);
// The items that lie in one of the prefixes; nothing if `prefixes` are none.
std::optional<Value> within_prefixes(const List& items, const Value& prefixes);

}  // namespace tunec
