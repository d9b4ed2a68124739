// Reads the tables of stdlib/harvested and joins them with the records that people wrote. A record learns
// which releases have its knob, and its range and default if it gives none. A knob without a record gets one.
// Only the build and tests use this.
#pragma once

#include <vector>

#include "catalogue/harvested_table.h"
#include "catalogue/table.h"
#include "diagnostics/reporter.h"
#include "source/sources.h"

namespace tunec {

// `kinds`: stdlib/harvested/kinds.yaml.
table::Contents join_harvest(std::vector<ParamInfo> records, std::vector<HarvestedTable> tables, FileId kinds,
                             const Sources& sources, Reporter& reporter);

}  // namespace tunec
