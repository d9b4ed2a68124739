// What the catalogue knows of a parameter on a platform: absent, without effect, refused, harmful.
#pragma once

#include <string>

#include "diagnostics/reporter.h"
#include "plan/plan.h"

namespace tunec {

// The first caveat that holds for this value on this machine; null if none does.
const Caveat* caveat_for(const ParamInfo& param, const Value& value, const Facts& facts);
bool works(Fate fate);  // the value is taken and does what it says, for better or worse
bool applies(const Caveat& caveat, const Value& value, const Facts& facts);

// "sysctl on Linux 6.8", "Linux 6.8", "libvirt 10.0.0": the consumer that the caveat speaks of, on this machine.
std::string consumer(const Caveat& caveat, const Facts& facts);

}  // namespace tunec
