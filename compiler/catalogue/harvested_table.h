// One table of stdlib/harvested as rows. A release may have several tables, read in different places. Only
// the build and tests use this.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/release.h"
#include "diagnostics/reporter.h"
#include "source/sources.h"

namespace tunec {

// A line: stdlib/harvest/README.md describes its columns. "-" is unknown.
struct HarvestedRow {
  std::string_view kind, name, seen, type, unit, range, mode, default_value, gate, where;
};

struct HarvestedTable {
  Release release;
  std::vector<HarvestedRow> rows;  // point into the source's text
  // Of a table of packages: module and package; and the package of all other modules
  std::vector<std::pair<std::string_view, std::string_view>> packages;
  std::string_view package_of_others;
};

HarvestedTable load_harvest(FileId file, const Sources& sources, Reporter& reporter);

}  // namespace tunec
