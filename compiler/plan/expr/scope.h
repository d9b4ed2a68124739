// Where an expression stands. A scope is passed down and never changed. It contains everything that an
// expression can name: the host, a profile's parameters, a policy's names, settings.
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

  // This entry, and one for the instance that it is within.
  std::vector<ScopeEntry> nested() const;
};

// What policies and expectations can read besides facts.
struct PolicyView {
  const Catalogue* catalogue = nullptr;
  const BootState* boot_state = nullptr;         // other writers of a parameter; null: nobody else counts
  std::span<const HostPlan* const> hosts = {};   // the hosts that `… for host` goes over
  const std::vector<HostPlan>* named = nullptr;  // in a test: hosts with which a path may begin
  TestOutcome* outcome = nullptr;                // for expectations: what became of the test's hosts
  FleetIndex* index = nullptr;                   // over the fleet, for lookup()
};

// Whether a fact that nobody gave is a mistake.
enum class MissingFacts : unsigned char {
  are_mistakes,
  are_mistakes_but_labels,  // in `when`: a host without the label is none of those that it selects
  are_expected,             // in known()
};

struct Scope {
  const EvaluatedHost* host = nullptr;
  const Inclusion* inclusion = nullptr;       // of the profile whose body contains it; null: none
  std::size_t visible_parameters = SIZE_MAX;  // in a default: the number of parameters before it
  std::optional<Span> shown_at;               // where mistakes are shown, if not at their own place
  MissingFacts missing = MissingFacts::are_mistakes;
  bool shipped_policy = false;  // true: shipped files do not see a site's constants

  const PolicyView* view = nullptr;        // null: settings cannot be read
  const HostPlan* plan = nullptr;          // whose settings paths name; null: none (a policy for the fleet)
  bool plan_by_name = true;                // a test's paths begin with the host: tiny.sysctl.vm.swappiness
  std::vector<const ScopeEntry*> entries;  // of the policy and of each `… for pool` around; innermost first
  const Parameters* names = nullptr;       // names that the policy adds: `group`, `excess`
  const std::vector<ast::Let>* lets = nullptr;  // of the policy; computed where they are used
  bool only_own_name = false;                   // in set(): another name of the same state does not count
  bool is_elsewhere = false;  // at another host, or another instance, than the policy's subject

  Span place(Span span) const { return shown_at.value_or(span); }
};

}  // namespace tunec
