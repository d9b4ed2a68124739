// Expressions to values. The same evaluator serves settings (facts, constants, a profile's parameters) and
// policies (which may look at settings too). A mistake is reported once and gives Poison, which is silent
// from there on.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/reporter.h"
#include "plan/plan.h"
#include "plan/subject.h"
#include "site/fleet.h"

namespace tunec {

class Effective;
struct Outcome;
struct Directory;
struct Place;
using Parameters = std::map<std::string, Value, std::less<>>;

// What the first word of a path stands for: `pool.cpus` in a policy for pools, `a.memory` in one for pairs of
// hosts.
struct Scope {
  std::string name;
  std::string instance;              // which pool, interface, node, …
  std::optional<std::size_t> item;   // of a collection of facts: node, gpu
  const Setting* setting = nullptr;  // setting
  const HostPlan* host = nullptr;    // a, b
  std::string stem;                  // of an instance: wireguard(wg0), or wireguard(wg0).peer(office)

  // It, and the instance that it is within.
  std::vector<Scope> nested() const;
};

// What policies and expectations look at: settings, and the instances that the policy's scopes are at.
struct SettingsInView {
  const HostPlan* host = nullptr;  // null: no host at all (a policy for the fleet, outside of `… for host`)
  const Catalogue* catalogue = nullptr;
  const std::vector<HostPlan>* named = nullptr;  // hosts that a path may begin with, in a test
  std::vector<Scope> scopes;  // the policy's own, and those of the `… for pool` around an expression
  std::vector<const Setting*> looked_at;  // filled in: the settings that were found
  // Filled in: one that was asked for was to be set, and a mistake prevented it
  bool spoiled = false;
  const Effective* effective = nullptr;         // who else may have set it; null: nobody else is asked
  std::span<const HostPlan* const> hosts = {};  // that `… for host` goes over
  Outcome* outcome = nullptr;                   // of a test's hosts: what its expectations may ask
  Directory* directory = nullptr;               // of the fleet, for lookup()
};

class Evaluator {
 public:
  Evaluator(const Fleet& fleet, const Subject& subject, Reporter& reporter)
      : fleet_(fleet), subject_(&subject), reporter_(reporter) {}

  // Of the profile whose body is evaluated; in a policy, what it is told (`group`, `excess`)
  const Parameters* parameters = nullptr;
  // Of the policy; computed where they are used, so that what they look at counts there
  const std::vector<ast::Let>* lets = nullptr;
  SettingsInView* view = nullptr;  // null: settings cannot be seen
  // Inside a shipped profile: the user's inclusion of it, where mistakes are shown
  std::optional<Span> stand_in;
  bool shipped_policy = false;        // a site's constants mean nothing in what tunec ships
  bool used_identity = false;         // the result depends on which host it is, not only on its kind
  std::set<std::string> used_labels;  // the result depends on these, its rack ("rack") or its labels

  Value operator()(const ast::Expr& expr);
  Span place(Span span) const { return stand_in.value_or(span); }
  // on or off; nothing if it is poisoned or, reported, no condition.
  std::optional<bool> condition(const ast::Expr& expr);
  // Of a `when`: a host without the label that it asks for is simply none of those.
  std::optional<bool> decision(const ast::Expr& expr);

 private:
  // Whether what nobody stated is a mistake: in known() nothing is, in a decision no label.
  enum class Asking { strictly, for_labels, for_anything };

  Value path(const ast::Path& path, Span span);
  Value host_fact(const ast::Path& path, Span span);
  Value host_label(const std::string& name, Span span);
  void report_unknown_fact(const std::string& name, Span span);
  Value setting(const ast::Path& path, Span span);
  Value settings_of_all_instances(std::string_view name, std::string_view stem = {});
  Value name(const std::string& name);
  // A let's value, and what was looked at for it.
  struct Ground {
    const ast::Let* let = nullptr;
    Asking asking = Asking::strictly;
    const Effective* effective = nullptr;
    bool operator==(const Ground&) const = default;
  };
  struct Known {
    Ground ground;
    Value value;
    std::vector<const Setting*> looked_at;
    bool spoiled = false;
  };
  Value of_policy(const ast::Let& let);
  Value named(const ast::Let& let);
  Value constant(const ast::Let& let);
  Value quantity_of(const ast::Let& let);
  Value call(const ast::PathPart& call, Span span);
  Value is_set(const ast::Expr& expr);
  Value instances(const ast::Expr& expr);
  Value listeners(const ast::PathPart& call, Span span);
  Value lookup(const ast::PathPart& call);
  Value of_place(const Place& place, const ast::Expr& expr);
  Value outcome(const ast::PathPart& call);  // in outcome.cpp
  std::vector<Value> arguments(const std::vector<ast::Argument>& arguments);
  Value for_each(const ast::Argument& argument);
  Value for_each_host(const ast::Argument& argument);
  std::optional<Value> one_of_each(const ast::Argument& argument);
  Value in_scope(const Scope& scope, const ast::Path& path, Span span);
  Value of_host(const HostPlan& host, const ast::Path& path, Span span);
  Value text(const ast::Text& text, Span span);
  Value list(const ast::ListExpr& list, Span span);
  Value bounded(Value value, Span span);
  Value unary(const ast::Unary& unary, Span span);
  Value binary(const ast::Binary& binary, Span span);
  Value logic(ast::BinaryOp op, const ast::Expr& left, const ast::Expr& right);
  Value compared(ast::BinaryOp op, const Value& left, const Value& right, Span span);
  Value poison(Span span, std::string what);

  const Fleet& fleet_;
  const Subject* subject_;
  Reporter& reporter_;
  Draft labelled(Draft draft, Span span);
  std::set<std::string> unknown_facts_;                            // that were reported
  std::map<std::pair<const ast::Let*, Asking>, Value> constants_;  // computed once; each way of asking apart
  struct Elsewhere {
    explicit Elsewhere(int& count) : depth(count) { ++depth; }
    ~Elsewhere() { --depth; }
    Elsewhere(const Elsewhere&) = delete;
    Elsewhere& operator=(const Elsewhere&) = delete;
    int& depth;
  };
  std::vector<Known> lets_known_;
  // How deep within expressions about another host, or another instance, than the one that the policy is
  // asked of
  int elsewhere_ = 0;
  std::size_t steps_ = 0;
  std::vector<std::string_view> constants_open_;  // a constant that needs itself is a mistake
  Asking asking_ = Asking::strictly;
};

// Arithmetic and sets; nothing where the operands do not go together. Whole numbers do not overflow silently.
std::optional<Value> arithmetic(ast::BinaryOp op, const Value& left, const Value& right);
// The instances, items or settings of one host that a collection's name stands for.
std::vector<Scope> scopes_of(std::string_view collection, const HostPlan& host);
Subject subject_of(const HostPlan& host);
// The functions of model/names.h. A string says what is wrong.
std::variant<Value, std::string> call_function(std::string_view name, const std::vector<Value>& arguments,
                                               const Facts& facts);
// Those among them over ports, addresses and prefixes; nothing if it is none of these.
std::optional<std::variant<Value, std::string>> call_network_function(std::string_view name,
                                                                      const std::vector<Value>& arguments);
// The items that lie in one of the prefixes; nothing if those are none.
std::optional<Value> within_prefixes(const List& items, const Value& prefixes);

}  // namespace tunec
