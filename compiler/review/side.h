// One side of a comparison: a planned site with what its checks found.
#pragma once

#include "check/input.h"
#include "diagnostics/reporter.h"
#include "plan/plan.h"
#include "render/render.h"

namespace tunec {

struct Side {
  const Plan& plan;
  CheckInput input;
  const Reporter& reporter;
  std::optional<Date> today;
  const RenderedFleet* rendered = nullptr;  // of the plan; null: files are not looked at
  std::string main_file;                    // so that two sites of different names are one file that changed
};

// A source as the main file's directory names it: "../pools.tune". The main file is "", whatever it is
// called, so that it is one file on both sides.
std::string name_from_main(const Side& side, FileId file);

// A host before and after; one of the same name, or a renamed one.
struct HostPair {
  const HostPlan* before;
  const HostPlan* after;
};
using HostPairs = std::vector<HostPair>;

}  // namespace tunec
