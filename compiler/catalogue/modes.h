// stdlib/modes.tsv: what the mode of a knob depends on, and when a new value counts. A harvested table
// contains only the mode on one machine. Only the build uses this.
#pragma once

#include "catalogue/harvest_kinds.h"
#include "catalogue/param.h"

namespace tunec {

// Gives each record its mode, and the words about it.
void add_modes(std::vector<ParamInfo>& records, const HarvestKinds& kinds, FileId file,
               const Sources& sources, Reporter& reporter);

}  // namespace tunec
