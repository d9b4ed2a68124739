// From a plan to files. Each backend writes each distinct view once, and all hosts with that view share what
// it wrote: 10,000 hosts of three kinds are rendered three times.
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "plan/plan.h"
#include "render/backend.h"
#include "render/output.h"

namespace tunec {

using Artifacts = std::vector<std::shared_ptr<const Artifact>>;  // sorted by path

// Elements of the list `checks` of a manifest, one a line and without brackets (output/host_checks.h). The
// list is all parts, one after the other; hosts share parts.
using HostCheckText = std::shared_ptr<const std::string>;
using HostCheckParts = std::vector<HostCheckText>;

struct RenderedHost {
  std::string_view name;  // points into the plan
  std::string platform;   // "ubuntu 24.04, Linux 6.8"
  Artifacts artifacts;
  std::shared_ptr<const std::vector<Step>> steps;  // sorted by effect, then command; shared where equal
  HostCheckParts checks{};
};

// Points into the plan: it must outlive this.
struct RenderedFleet {
  std::vector<RenderedHost> hosts;  // as in the plan
  Artifacts site;                   // paths relative to the output directory: "site/prometheus/rules.yml"
  std::vector<Step> site_steps;
  // Whether a file of some host may depend on other hosts: see FleetBackend::joins_hosts
  bool joins_hosts = false;
  std::vector<ReadBack> reads;  // of all backends
};

RenderedFleet render(const Plan& plan, const Backends& backends);

}  // namespace tunec
