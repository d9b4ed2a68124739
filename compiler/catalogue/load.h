// YAML records to ParamInfo, with a strict schema (stdlib/README.md). The build reads the shipped records
// with it, and the program reads those of `--stdlib DIR` and of sites. A record with a mistake is reported at
// its line and left out.
#pragma once

#include <vector>

#include "catalogue/param.h"
#include "catalogue/param_text.h"
#include "diagnostics/reporter.h"
#include "source/sources.h"
#include "source/yaml.h"

namespace tunec {

std::vector<ParamInfo> load_params(FileId file, const Sources& sources, Reporter& reporter);

// The same with their places. A record with a mistake becomes a parameter that takes any value, so that its
// use is not a second mistake.
struct LocatedParam {
  ParamInfo param;
  Span where;  // its name
  bool faulty = false;
};
// A value as the key `default` has it.
Value default_from(const yaml::Node& node, const ParamInfo& param);
std::vector<LocatedParam> read_params(const yaml::Node& root, Reporter& reporter);

}  // namespace tunec
