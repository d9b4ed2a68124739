// The parts of a machine: NUMA nodes, cores and devices. Policies can be `for` them, and count over them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "machine/facts.h"

namespace tunec {

struct MachineItem {
  std::size_t index = 0;  // its number for item_fact()
  std::string name;       // "1" of a node or core, "eth0", "0000:65:00.0"
};

// "core", "disk", "gpu", "nic", "node", "pci" (GPUs too).
std::vector<std::string_view> item_collections();
// The fields of an item, sorted; empty if there is no such collection.
std::vector<std::string_view> item_fields(std::string_view collection);
// In the order of the facts.
std::vector<MachineItem> machine_items(const Facts& facts, std::string_view collection);
// Nothing if there is no such field or item; Poison if there is one, but its value is unknown.
std::optional<Value> item_fact(const Facts& facts, std::string_view collection, std::size_t index,
                               std::string_view field);

}  // namespace tunec
