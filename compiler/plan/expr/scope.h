// Where an expression stands: a value that is passed down, never changed. Whatever an expression can name
// comes from here: the host, a profile's parameters, a policy's names, settings.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plan/expr/inclusion.h"
#include "plan/plan.h"
#include "plan/subject.h"

namespace tunec {

class BootState;
struct FleetIndex;
struct TestOutcome;
using Parameters = std::map<std::string, Value, std::less<>>;

// What the first word of a path stands for: `pool.cpus` in a policy for pools, `a.memory` in one for pairs of
// hosts.
struct ScopeEntry {
  std::string name;
  std::string instance;              // which pool, interface, node, …
  std::optional<std::size_t> item;   // of a collection of facts: node, gpu
  const Setting* setting = nullptr;  // setting
  const HostPlan* host = nullptr;    // a, b
  std::string stem;                  // of an instance: wireguard(wg0), or wireguard(wg0).peer(office)

  // It, and the instance that it is within.
  std::vector<ScopeEntry> nested() const;
};

// What policies and expectations can see beside facts.
struct PolicyView {
  const Catalogue* catalogue = nullptr;
  const BootState* boot_state = nullptr;        // who else may have set a parameter; null: nobody else counts
  std::span<const HostPlan* const> hosts = {};  // that `… for host` goes over
  const std::vector<HostPlan>* named = nullptr;  // hosts that a path may begin with, in a test
  TestOutcome* outcome = nullptr;                // of a test's hosts: what its expectations may ask
  FleetIndex* index = nullptr;                   // of the fleet, for lookup()
};

// Whether a fact that nobody gave is a mistake.
enum class MissingFacts : unsigned char {
  are_mistakes,
  are_mistakes_but_labels,  // in `when`: a host without the label is none of those that it selects
  are_expected,             // in known()
};

struct Scope {
  const EvaluatedHost* host = nullptr;
  const Inclusion* inclusion = nullptr;       // of the profile whose body it is; null: none
  std::size_t visible_parameters = SIZE_MAX;  // in a default: those before it
  std::optional<Span> shown_at;               // where mistakes are shown, if not where they are
  MissingFacts missing = MissingFacts::are_mistakes;
  bool shipped_policy = false;  // a site's constants mean nothing in what tunec ships

  const PolicyView* view = nullptr;        // null: settings cannot be seen
  const HostPlan* plan = nullptr;          // whose settings paths name; null: none (a policy for the fleet)
  bool plan_by_name = true;                // a test's paths begin with the host: tiny.sysctl.vm.swappiness
  std::vector<const ScopeEntry*> entries;  // of the policy and of each `… for pool` around; innermost first
  const Parameters* names = nullptr;       // that the policy adds: `group`, `excess`
  const std::vector<ast::Let>* lets = nullptr;  // of the policy; computed where they are used
  bool only_own_name = false;  // in set(): what sets the same state under another name does not count
  bool is_elsewhere = false;   // at another host, or another instance, than the one that the policy is for

  Span place(Span span) const { return shown_at.value_or(span); }
};

}  // namespace tunec
