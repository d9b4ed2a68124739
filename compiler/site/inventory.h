// An Ansible inventory as names and groups. Variables are skipped.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "diagnostics/reporter.h"
#include "source/sources.h"
#include "source/yaml.h"

namespace tunec {

struct InventoryHost {
  Span where;
  std::vector<std::string> groups;  // sorted, unique; "all" and "ungrouped" are not named
};
using Inventory = std::map<std::string, InventoryHost>;

bool looks_like_inventory(const yaml::Node& root);
void read_inventory(const yaml::Node& root, Inventory& into, Reporter& reporter);
void read_ini_inventory(FileId file, const Sources& sources, Inventory& into, Reporter& reporter);

}  // namespace tunec
