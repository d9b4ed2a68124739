// YAML records to ParamInfo, with a strict schema (stdlib/README.md). Used when tunec is built, for the shipped table,
// and when it runs, for `--stdlib DIR`. A record with a mistake is reported at its line and left out.
#pragma once

#include <vector>

#include "catalogue/param.h"
#include "diagnostics/reporter.h"
#include "source/sources.h"

namespace tunec {

std::vector<ParamInfo> load_params(FileId file, const Sources& sources, Reporter& reporter);

}  // namespace tunec
