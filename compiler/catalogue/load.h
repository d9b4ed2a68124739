// YAML records to ParamInfo, with a strict schema (stdlib/README.md). Used when tunec is built, for the
// shipped table, and when it runs, for `--stdlib DIR` and for the records that a site imports. A record with
// a mistake is reported at its line and left out.
#pragma once

#include <vector>

#include "catalogue/param.h"
#include "diagnostics/reporter.h"
#include "source/sources.h"
#include "source/yaml.h"

namespace tunec {

// A bound, default or caveat value: bare numbers count in the record's unit.
Value value_in_unit(std::string_view text, const ParamInfo& param);
// "0..100", "1..", "..5"; nothing if it is no range.
std::optional<Bounds> bounds_from(std::string_view text, const ParamInfo& param);

// "integer", "list of size"; false if it is no type.
bool read_type_name(std::string_view text, ParamInfo& param);
std::string type_name(const ParamInfo& param);  // the other way round

std::vector<ParamInfo> load_params(FileId file, const Sources& sources, Reporter& reporter);

// The same with their places, and with those that have a mistake as parameters that take anything: so their
// use is not a mistake too.
struct LocatedParam {
  ParamInfo param;
  Span where;  // its name
  bool faulty = false;
};
std::vector<LocatedParam> read_params(const yaml::Node& root, Reporter& reporter);

}  // namespace tunec
