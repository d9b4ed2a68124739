// The machine's CPUs, cores, NUMA nodes and memory.
#pragma once

#include "machine/map_reader.h"
#include "machine/facts.h"

namespace tunec {

void read_topology(FactReader& reader, Facts& facts, Reporter& reporter);

}  // namespace tunec
