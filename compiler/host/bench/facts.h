// What a measurement depends on: the machine, which has to be the same before and after, and what runs on it,
// which a change may change.
#pragma once

#include <nlohmann/json.hpp>

#include "host/machine.h"

namespace tunec::host {

nlohmann::ordered_json machine_facts(const Machine& machine);  // host, cpu, cpus, memory
nlohmann::ordered_json system_facts(const Machine& machine);   // os, kernel, boot, online, generation

}  // namespace tunec::host
