// The facts that expressions can read: a table of names, with a function for each.
#include "machine/facts.h"

#include <algorithm>
#include <array>

namespace tunec {
namespace {

Value or_unknown(const std::string& text) { return text.empty() ? Value{Poison{}} : symbol(text); }
Value or_unknown(const std::optional<Version>& version) {
  return version ? Value{*version} : Value{Poison{}};
}
Value or_unknown(const std::optional<std::vector<std::string>>& words) {
  if (!words) return Value{Poison{}};
  std::vector<Value> items;
  for (const std::string& word : *words) items.push_back(symbol(word));
  return list_of(std::move(items));
}
Value or_unknown(std::int64_t number) { return number > 0 ? Value{number} : Value{Poison{}}; }

// The smallest MTU of the network cards: every path out of the host can carry it.
Value mtu(const Facts& facts) {
  if (facts.nics.empty()) return Value{Poison{}};
  return Value{std::ranges::min_element(facts.nics, {}, &Nic::mtu)->mtu};
}

Value devices(const Facts& facts, bool gpus_only, std::string PciDevice::*field, WordKind kind) {
  std::vector<Value> items;
  for (const PciDevice& device : facts.pci) {
    if (gpus_only && !device.gpu) continue;
    Value item{Word{kind, device.*field}};
    if (std::ranges::find(items, item) == items.end()) items.push_back(std::move(item));
  }
  return list_of(std::move(items));
}

Value disk_names(const Facts& facts) {
  std::vector<Value> items;
  for (const Disk& disk : facts.disks) items.push_back(symbol(disk.name));
  return list_of(std::move(items));
}

Value nic_names(const Facts& facts) {
  std::vector<Value> items;
  for (const Nic& nic : facts.nics) items.push_back(symbol(nic.name));
  return list_of(std::move(items));
}

Value disk_kinds(const Facts& facts) {
  std::vector<Value> items;
  for (const Disk& disk : facts.disks) {
    if (std::ranges::find(items, symbol(disk.kind)) == items.end()) items.push_back(symbol(disk.kind));
  }
  return list_of(std::move(items));
}

Value disk_size(const Facts& facts) {
  std::int64_t bytes = 0;
  for (const Disk& disk : facts.disks) bytes += disk.size;
  return bytes > 0 ? Value{Bytes{bytes}} : Value{Poison{}};
}

Value speed(const Facts& facts) {
  std::int64_t fastest = 0;
  for (const Nic& nic : facts.nics) fastest = std::max(fastest, nic.speed);
  return fastest > 0 ? Value{Bandwidth{fastest}} : Value{Poison{}};
}

// The addresses of all network cards; unknown unless those of each card are given.
Value addresses(const Facts& facts) {
  std::vector<Value> items;
  for (const Nic& nic : facts.nics) {
    if (!nic.addresses) return Value{Poison{}};
    for (const Word& address : *nic.addresses) items.push_back(Value{address});
  }
  return facts.nics.empty() ? Value{Poison{}} : list_of(std::move(items));
}

constexpr std::string_view label_prefix = "label.";

struct Entry {
  std::string_view name;
  Value (*get)(const Facts&);
};

constexpr std::string_view vendors[] = {"intel", "amd"};
constexpr std::string_view kinds_of_disks[] = {"nvme", "ssd", "hdd", "virtio"};

// What a site has to write if a fact is computed from others, by the beginning of the fact's name.
constexpr std::pair<std::string_view, std::string_view> stated_as[] = {
    {"addresses", "nic NAME { addresses = […] }"},
    {"cpu.", "cpu { … }"},
    {"cpus", "cpu { cores = …  threads = … }"},
    {"disk_size", "disk NAME { kind = …  size = … }"},
    {"kernel", "os = \"…\""},
    {"release", "os = \"…\""},
    {"libvirt", "os = \"…\""},
    {"systemd", "os = \"…\""},
    {"grub", "os = \"…\""},
    {"qemu", "os = \"…\""},
    {"stock.", "os = \"…\""},
    {"label.", "labels { … }"},
    {"memory", "memory = …"},
    {"mtu", "nic NAME { speed = …  mtu = … }"},
    {"network_speed", "nic NAME { speed = … }"},
    {"nodes", "cpu { cores = …  threads = … }"},
    {"os", "os = \"…\""},
    {"rack", "rack = …"},
};

// Sorted by name.
constexpr std::array<Entry, 37> table{{
    {"addresses", addresses},
    {"boot_loader", [](const Facts& f) { return or_unknown(f.platform->boot_loader); }},
    {"builtin",
     [](const Facts& f) {
       const auto modules = f.platform->builtin_modules();
       return modules ? or_unknown(modules) : Value{Poison{}};
     }},
    {"cpu.cores", [](const Facts& f) { return or_unknown(std::int64_t{f.cores}); }},
    {"cpu.flags", [](const Facts& f) { return or_unknown(f.cpu_flags); }},
    {"cpu.sockets", [](const Facts& f) { return or_unknown(std::int64_t{f.sockets}); }},
    {"cpu.threads", [](const Facts& f) { return or_unknown(std::int64_t{f.threads}); }},
    {"cpu.vendor", [](const Facts& f) { return or_unknown(f.platform->cpu_vendor); }},
    {"cpu.vulnerabilities", [](const Facts& f) { return or_unknown(f.cpu_vulnerabilities); }},
    {"cpus", [](const Facts& f) { return f.cpus.empty() ? Value{Poison{}} : Value{f.cpus}; }},
    {"disk_kinds", disk_kinds},
    {"disk_size", disk_size},
    {"disks", disk_names},
    {"gpu_addresses",
     [](const Facts& f) { return devices(f, true, &PciDevice::address, WordKind::pci_address); }},
    {"gpu_ids", [](const Facts& f) { return devices(f, true, &PciDevice::id, WordKind::pci_id); }},
    {"grub", [](const Facts& f) { return or_unknown(f.platform->grub); }},
    {"initramfs", [](const Facts& f) { return or_unknown(f.platform->initramfs); }},
    {"interrupt_remapping", [](const Facts& f) { return Value{f.interrupt_remapping}; }},
    {"kernel", [](const Facts& f) { return or_unknown(f.platform->kernel); }},
    {"libvirt", [](const Facts& f) { return or_unknown(f.platform->libvirt); }},
    {"memory", [](const Facts& f) { return f.memory > 0 ? Value{Bytes{f.memory}} : Value{Poison{}}; }},
    {"modules",
     [](const Facts& f) {
       std::vector<Value> items;
       for (const std::string& module : f.platform->installed)
         items.push_back(Value{Word{WordKind::module, module}});
       return list_of(std::move(items));
     }},
    {"mtu", mtu},
    {"network_speed", speed},
    {"nics", nic_names},
    {"nodes", [](const Facts& f) { return or_unknown(static_cast<std::int64_t>(f.nodes.size())); }},
    {"os", [](const Facts& f) { return or_unknown(f.platform->os); }},
    {"pci_addresses",
     [](const Facts& f) { return devices(f, false, &PciDevice::address, WordKind::pci_address); }},
    {"pci_ids", [](const Facts& f) { return devices(f, false, &PciDevice::id, WordKind::pci_id); }},
    {"qemu", [](const Facts& f) { return or_unknown(f.platform->qemu); }},
    {"release", [](const Facts& f) { return or_unknown(Version::parse(f.platform->release)); }},
    {"stock.grub", [](const Facts& f) { return or_unknown(f.platform->stock.grub); }},
    {"stock.kernel", [](const Facts& f) { return or_unknown(f.platform->stock.kernel); }},
    {"stock.libvirt", [](const Facts& f) { return or_unknown(f.platform->stock.libvirt); }},
    {"stock.qemu", [](const Facts& f) { return or_unknown(f.platform->stock.qemu); }},
    {"stock.systemd", [](const Facts& f) { return or_unknown(f.platform->stock.systemd); }},
    {"systemd", [](const Facts& f) { return or_unknown(f.platform->systemd); }},
}};

}  // namespace

std::optional<Value> fact(const Facts& facts, std::string_view name) {
  const auto* found = std::ranges::find(table, name, &Entry::name);
  if (found == table.end()) return std::nullopt;
  return found->get(facts);
}

const std::vector<std::string_view>& fact_names() {
  static const std::vector<std::string_view> names = [] {
    // About the host itself, not about its kind of machine
    std::vector<std::string_view> all{"groups", "label.NAME", "name", "number", "rack"};
    for (const Entry& entry : table) all.push_back(entry.name);
    std::ranges::sort(all);
    return all;
  }();
  return names;
}

std::span<const std::string_view> words_of_fact(std::string_view name) {
  if (name == "cpu.vendor") return vendors;
  if (name == "disk_kinds") return kinds_of_disks;
  return {};
}

std::string_view statement_of_fact(std::string_view name) {
  for (const auto& [beginning, statement] : stated_as) {
    if (name == beginning || (beginning.ends_with('.') && name.starts_with(beginning))) return statement;
  }
  return {};
}

bool is_fact_name(std::string_view name) {
  return is_label(name) || std::ranges::find(fact_names(), name) != fact_names().end();
}
bool is_label(std::string_view name) {
  return name == "rack" || (name.starts_with(label_prefix) && name.size() > label_prefix.size());
}

Value label(const Labels& labels, std::string_view name) {
  if (name == "rack") return labels.rack;
  const auto found = labels.by_name.find(name.substr(label_prefix.size()));
  return found == labels.by_name.end() ? Value{Poison{}} : found->second;
}

}  // namespace tunec
