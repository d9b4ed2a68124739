// The machine's CPUs, cores, NUMA nodes and memory.
#pragma once

#include "model/fact_reader.h"
#include "model/facts.h"

namespace tunec {

void read_topology(FactReader& reader, Facts& facts, Reporter& reporter);

}  // namespace tunec
