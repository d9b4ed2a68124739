// What a file in backends/ provides: data and one function. A backend cannot fail, touch the disk or see
// source text; all it could complain about was checked before. It knows surfaces and keys, never a
// parameter's name.
#pragma once

#include <span>
#include <string_view>

#include "plan/plan.h"
#include "render/output.h"

namespace tunec {

// The settings of one host on the surfaces that a backend asked for, by (order, name).
struct HostView {
  const Facts& facts;
  std::vector<const Setting*> settings;
  std::vector<const Setting*> on(std::string_view surface) const;
};

// A host with its name, for what needs the whole fleet (peers, scrape targets).
struct FleetHost {
  const HostPlan& host;
  HostView view;
};

struct Backend {
  std::string_view name;                       // "sysctl": also its golden folder
  std::string_view summary;                    // one line for `tunec backends`
  std::span<const std::string_view> surfaces;  // which settings it writes
  bool on_by_default;                          // false: an alternative carrier
  // For each host. Must depend on the view alone: hosts with equal views are emitted once.
  void (*emit)(const HostView& host, Output& out);
  // Once for all hosts, where files need to know of other hosts. Either may be null.
  void (*emit_fleet)(std::span<const FleetHost> fleet, FleetOutput& out);
};

std::span<const Backend* const> all_backends();  // sorted by name; written by the build

}  // namespace tunec
