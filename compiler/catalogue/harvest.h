// Reads the tables of stdlib/harvested and joins them with the records that people wrote. A record learns
// which releases have its knob, and its range and default if it gives none. A knob without a record gets one.
// Only the build and tests use this.
#pragma once

#include <string_view>
#include <vector>

#include "catalogue/table.h"
#include "diagnostics/reporter.h"
#include "source/sources.h"

namespace tunec {

// A line: stdlib/harvest/README.md says what its columns hold. "-" is not known.
struct HarvestedRow {
  std::string_view kind, name, seen, type, unit, range, mode, default_value, gate, where;
};

struct HarvestedTable {
  Release release;
  std::vector<HarvestedRow> rows;  // point into the source's text
};

HarvestedTable load_harvest(FileId file, const Sources& sources, Reporter& reporter);

// `kinds`: stdlib/harvested/kinds.yaml.
table::Contents join_harvest(std::vector<ParamInfo> records, std::vector<HarvestedTable> tables, FileId kinds,
                             const Sources& sources, Reporter& reporter);

}  // namespace tunec
