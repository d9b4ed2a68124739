// What a machine has of a parameter, whoever sets it: the site, another parameter of the site, a file of the
// distribution, or nobody.
#pragma once

#include <optional>

#include "review/side.h"

namespace tunec {

struct MachineValue {
  std::optional<Value> value;  // nothing: not known
  std::string by;              // who set it, if not the setting itself: "50-default.conf"; "default"
};
// `setting`: of that host and name; null if the site does not set it.
MachineValue machine_value(const Side& side, const HostPlan& host, const ParamInfo& param,
                           const std::string& name, const Setting* setting);

// "60", "60 (default)", "1 (50-default.conf)", "not set"
std::string text_of(const MachineValue& value);
// What came and went: "+3, -1" of lists by element, "-[2, 3]" of CPU sets; empty if the values tell.
std::string delta_of(const Value& before, const Value& after);

}  // namespace tunec
