// One table for each collection: field and how to get it.
#include "machine/devices.h"

#include <algorithm>
#include <array>

namespace tunec {
namespace {

Value or_unknown(int number) { return number >= 0 ? Value{std::int64_t{number}} : Value{Poison{}}; }
Value or_unknown(const std::string& text) { return text.empty() ? Value{Poison{}} : symbol(text); }
Value or_unknown(const CpuSet& cpus) { return cpus.empty() ? Value{Poison{}} : Value{cpus}; }
Value bytes(std::int64_t count) { return count > 0 ? Value{Bytes{count}} : Value{Poison{}}; }
Value number_of(std::size_t index) { return Value{static_cast<std::int64_t>(index)}; }

std::int64_t cores_of(const Facts& facts, const NumaNode& node) {
  return std::ranges::count_if(facts.cores_cpus,
                               [&](const CpuSet& core) { return core.subset_of(node.cpus); });
}

Value node_of(const Facts& facts, const CpuSet& core) {
  const auto node = std::ranges::find_if(
      facts.nodes, [&](const NumaNode& candidate) { return core.subset_of(candidate.cpus); });
  return node == facts.nodes.end() ? Value{Poison{}} : Value{node - facts.nodes.begin()};
}

Value addresses_of(const Nic& nic) {
  if (!nic.addresses) return Value{Poison{}};
  std::vector<Value> items;
  for (const Word& address : *nic.addresses) items.push_back(Value{address});
  return list_of(std::move(items));
}

struct Field {
  std::string_view name;
  Value (*get)(const Facts&, std::size_t index);
};

constexpr Field core_fields[] = {
    {"cpus", [](const Facts& f, std::size_t i) { return or_unknown(f.cores_cpus[i]); }},
    {"node", [](const Facts& f, std::size_t i) { return node_of(f, f.cores_cpus[i]); }},
    {"number", [](const Facts&, std::size_t i) { return number_of(i); }},
};
constexpr Field disk_fields[] = {
    {"kind", [](const Facts& f, std::size_t i) { return or_unknown(f.disks[i].kind); }},
    {"name", [](const Facts& f, std::size_t i) { return or_unknown(f.disks[i].name); }},
    {"node", [](const Facts& f, std::size_t i) { return or_unknown(f.disks[i].node); }},
    {"size", [](const Facts& f, std::size_t i) { return bytes(f.disks[i].size); }},
};
constexpr Field nic_fields[] = {
    {"addresses", [](const Facts& f, std::size_t i) { return addresses_of(f.nics[i]); }},
    {"mtu", [](const Facts& f, std::size_t i) { return Value{f.nics[i].mtu}; }},
    {"name", [](const Facts& f, std::size_t i) { return or_unknown(f.nics[i].name); }},
    {"node", [](const Facts& f, std::size_t i) { return or_unknown(f.nics[i].node); }},
    {"speed",
     [](const Facts& f, std::size_t i) {
       return f.nics[i].speed > 0 ? Value{Bandwidth{f.nics[i].speed}} : Value{Poison{}};
     }},
};
constexpr Field node_fields[] = {
    {"cores", [](const Facts& f, std::size_t i) { return Value{cores_of(f, f.nodes[i])}; }},
    {"cpus", [](const Facts& f, std::size_t i) { return or_unknown(f.nodes[i].cpus); }},
    {"memory", [](const Facts& f, std::size_t i) { return bytes(f.nodes[i].memory); }},
    {"number", [](const Facts&, std::size_t i) { return number_of(i); }},
};
constexpr Field pci_fields[] = {
    {"address",
     [](const Facts& f, std::size_t i) {
       return Value{Word{WordKind::pci_address, f.pci[i].address}};
     }},
    {"bridge", [](const Facts& f, std::size_t i) { return Value{f.pci[i].bridge}; }},
    {"driver", [](const Facts& f, std::size_t i) { return or_unknown(f.pci[i].driver); }},
    {"group", [](const Facts& f, std::size_t i) { return or_unknown(f.pci[i].group); }},
    {"id",
     [](const Facts& f, std::size_t i) {
       return Value{Word{WordKind::pci_id, f.pci[i].id}};
     }},
    {"module",
     [](const Facts& f, std::size_t i) {
       const std::string& module = f.pci[i].module;
       return module.empty() ? Value{Poison{}} : Value{Word{WordKind::module, module}};
     }},
    {"name", [](const Facts& f, std::size_t i) { return or_unknown(f.pci[i].name); }},
    {"node", [](const Facts& f, std::size_t i) { return or_unknown(f.pci[i].node); }},
};

struct Collection {
  std::string_view name;
  std::span<const Field> fields;
  std::size_t (*size)(const Facts&);
  std::string (*item)(const Facts&, std::size_t index);
  bool (*holds)(const Facts&, std::size_t index);
};

bool any(const Facts&, std::size_t) { return true; }
bool gpu(const Facts& facts, std::size_t index) { return facts.pci[index].gpu; }
std::size_t devices(const Facts& facts) { return facts.pci.size(); }
std::string address(const Facts& facts, std::size_t index) { return facts.pci[index].address; }
std::string number(const Facts&, std::size_t index) { return std::to_string(index); }

// Sorted by name.
constexpr std::array<Collection, 6> collections{{
    {"core", core_fields, [](const Facts& f) { return f.cores_cpus.size(); }, number, any},
    {"disk", disk_fields, [](const Facts& f) { return f.disks.size(); },
     [](const Facts& f, std::size_t i) { return f.disks[i].name; }, any},
    {"gpu", pci_fields, devices, address, gpu},
    {"nic", nic_fields, [](const Facts& f) { return f.nics.size(); },
     [](const Facts& f, std::size_t i) { return f.nics[i].name; }, any},
    {"node", node_fields, [](const Facts& f) { return f.nodes.size(); }, number, any},
    {"pci", pci_fields, devices, address, any},
}};

const Collection* collection_named(std::string_view name) {
  const auto* found = std::ranges::find(collections, name, &Collection::name);
  return found == collections.end() ? nullptr : found;
}

}  // namespace

std::vector<std::string_view> item_collections() {
  std::vector<std::string_view> names;
  for (const Collection& collection : collections) names.push_back(collection.name);
  return names;
}

std::vector<std::string_view> item_fields(std::string_view collection) {
  std::vector<std::string_view> names;
  if (const Collection* found = collection_named(collection)) {
    for (const Field& field : found->fields) names.push_back(field.name);
  }
  return names;
}

std::vector<MachineItem> machine_items(const Facts& facts, std::string_view collection) {
  std::vector<MachineItem> items;
  const Collection* found = collection_named(collection);
  for (std::size_t i = 0; found != nullptr && i < found->size(facts); ++i) {
    if (found->holds(facts, i)) items.push_back({i, found->item(facts, i)});
  }
  return items;
}

std::optional<Value> item_fact(const Facts& facts, std::string_view collection, std::size_t index,
                               std::string_view field) {
  const Collection* found = collection_named(collection);
  if (found == nullptr || index >= found->size(facts) || !found->holds(facts, index)) return std::nullopt;
  const auto wanted = std::ranges::find(found->fields, field, &Field::name);
  if (wanted == found->fields.end()) return std::nullopt;
  return wanted->get(facts, index);
}

}  // namespace tunec
