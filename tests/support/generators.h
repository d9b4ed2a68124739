// Arbitrary values of tunec's own types, for the laws in tests/property.
#pragma once

#include <set>
#include <string>

#include <rapidcheck.h>

#include "base/cpu_set.h"
#include "base/value.h"

namespace tunec::gen {

rc::Gen<std::set<int>> cpus();  // a few runs and single CPUs, 0 to CpuSet::max_cpu
CpuSet set_of(const std::set<int>& cpus);
rc::Gen<std::string> version_text();  // "6", "6.8", "5.15.0-204-generic"
rc::Gen<Value> quantity();            // size, duration, bandwidth, percent, ratio
rc::Gen<std::string> text();          // ASCII, a little UTF-8, quotes and line ends

}  // namespace tunec::gen
