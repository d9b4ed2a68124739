// The machine's CPUs, cores, NUMA nodes and memory.
#pragma once

#include "machine/facts.h"
#include "machine/map_reader.h"

namespace tunec {

void read_topology(MapReader& reader, Facts& facts, Platform& platform, Reporter& reporter);

}  // namespace tunec
