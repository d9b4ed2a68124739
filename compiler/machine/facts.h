// The facts of a machine, read from YAML and from `facts { … }` in a host. A fact that nobody gave is
// unknown: it is never guessed, and no condition on it holds. Facts of the platform are separate
// (platform.h), because only these may decide what exists on a machine. Facts are immutable; hosts with equal
// facts share one object.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/value.h"
#include "machine/platform.h"

namespace tunec {

struct PciDevice {
  std::string address, id, name;
  int node = -1;  // NUMA node; -1 if unknown, here as below
  bool gpu = false;
  std::string driver, module;  // the wanted host driver, and the module it is in; empty if not given
  bool bridge = false;
  int group = -1;  // IOMMU group; -1 if unknown
  bool operator==(const PciDevice&) const = default;
};
struct Disk {
  std::string name, kind;  // kind: nvme, ssd, hdd, virtio
  std::int64_t size = 0;   // bytes; 0 if unknown
  int node = -1;
  bool operator==(const Disk&) const = default;
};
struct Nic {
  std::string name;
  std::int64_t speed = 0;  // bit/s; 0 if unknown
  std::int64_t mtu = 1500;
  int node = -1;
  std::optional<std::vector<Word>> addresses;  // with or without a prefix's length; if given
  bool operator==(const Nic&) const = default;
};
struct NumaNode {
  CpuSet cpus;
  std::int64_t memory = 0;  // bytes; 0 if unknown
  bool operator==(const NumaNode&) const = default;
};

// Facts of one machine; shared by every host that has exactly these.
struct Facts {
  std::shared_ptr<const Platform> platform = unknown_platform();  // never null; equal ones are one object
  std::optional<std::vector<std::string>> cpu_flags, cpu_vulnerabilities;  // sorted; if given
  int sockets = 0, cores = 0, threads = 0;                                 // cores: of all sockets
  CpuSet cpus;                     // the online CPUs; those of cores and nodes are online too
  std::vector<CpuSet> cores_cpus;  // the threads of each core
  std::vector<NumaNode> nodes;
  std::int64_t memory = 0;  // bytes
  bool interrupt_remapping = true;
  std::vector<Disk> disks;
  std::vector<Nic> nics;
  std::vector<PciDevice> pci;
  bool operator==(const Facts&) const = default;
};

// What a site says about a host's place and role. This is not part of its Facts, so machines of one kind in
// four hundred racks stay one kind.
struct Labels {
  Value rack;  // Poison if not given
  std::map<std::string, Value, std::less<>> by_name;
  bool faulty = false;
};
// Whether a name below `host.` is one of these: "rack", "label.role". A site chooses its labels freely.
bool is_label(std::string_view name);
Value label(const Labels& labels, std::string_view name);  // Poison if the host has none

// One fact by its name below `host.`: "memory", "cpu.vendor". Nothing if there is no fact of that name;
// Poison if the fact is unknown of this machine.
std::optional<Value> fact(const Facts& facts, std::string_view name);
const std::vector<std::string_view>& fact_names();
bool is_fact_name(std::string_view name);
// The words that are valid for a fact; empty if any value is.
std::span<const std::string_view> words_of_fact(std::string_view name);
// What a site writes to give the fact, as in "cpu { cores = …  threads = … }"; empty if it writes the fact's
// name.
std::string_view statement_of_fact(std::string_view name);

}  // namespace tunec
