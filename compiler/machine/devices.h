// The parts of a machine, one by one: NUMA nodes, cores and devices. Policies are `for` them and count over
// them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "machine/facts.h"

namespace tunec {

struct MachineItem {
  std::size_t index = 0;  // what item_fact() knows it by
  std::string name;       // "1" of a node or core, "eth0", "0000:65:00.0"
};

// "core", "disk", "gpu", "nic", "node", "pci" (GPUs too).
std::vector<std::string_view> item_collections();
// Names of what is known of an item, sorted; none if there is no such collection.
std::vector<std::string_view> item_fields(std::string_view collection);
// In the order in which the facts state them.
std::vector<MachineItem> machine_items(const Facts& facts, std::string_view collection);
// Nothing if there is no such field or item; Poison if there is, and it is not known.
std::optional<Value> item_fact(const Facts& facts, std::string_view collection, std::size_t index,
                               std::string_view field);

}  // namespace tunec
