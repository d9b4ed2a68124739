// stdlib/harvested/kinds.yaml: how a line of a harvested table becomes a parameter, and what the types' names
// in the sources mean.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/param.h"
#include "diagnostics/reporter.h"
#include "source/sources.h"

namespace tunec {

struct HarvestKind {
  // Names of the parameters that lines become, surface by surface; without them lines only complete records
  std::vector<std::string> surfaces, names;
  std::string key, if_builtin, listed_by, doc, pattern, pattern_why;
  std::string left_out;  // a regular expression: names that nobody should set
  Effect effect = Effect::live;
  bool slashes = false, is_repeated = false;
  bool is_partly_read = false;
  // The beginning of a name, and what it is in the key
  std::vector<std::pair<std::string, std::string>> instances;
  // The beginning of a place in the source, and the module that is built from there
  std::vector<std::pair<std::string, std::string>> modules;
};

struct TypeWord {
  ValueType type = ValueType::any, element = ValueType::any;
  std::string range, separator;
};

struct HarvestKinds {
  std::map<std::string, HarvestKind, std::less<>> kinds;
  std::map<std::string, TypeWord, std::less<>> types;

  HarvestKinds(FileId file, const Sources& sources, Reporter& reporter);
};

// A pattern, with the name in place of its {}.
std::string filled(std::string_view pattern, std::string_view name);
// "net.ipv4.conf().rp_filter" is "net.ipv4.conf.{}.rp_filter" as a key.
std::string key_of(const HarvestKind& kind, std::string_view name);
// The module that brings a knob which the source has at this place; empty if kinds.yaml names none.
std::string_view module_at(const HarvestKind& kind, std::string_view where);

}  // namespace tunec
