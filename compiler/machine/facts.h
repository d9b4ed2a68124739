// What is known of a machine. Comes from YAML, from `facts { … }` in a host, and from platforms.yaml for the
// versions that an OS release implies. What is not known stays unknown: it is never guessed, and nothing that
// depends on it matches.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/value.h"

namespace tunec {

struct PciDevice {
  std::string address, id, name;
  int node = -1;  // NUMA; -1 if not known, here as below
  bool gpu = false;
  std::string driver;  // the host driver that is wanted; empty if not stated
  int group = -1;      // IOMMU group; -1 if not known
  bool operator==(const PciDevice&) const = default;
};
struct Disk {
  std::string name, kind;  // kind: nvme, ssd, hdd, virtio
  std::int64_t size = 0;   // bytes; 0 if not known
  int node = -1;
  bool operator==(const Disk&) const = default;
};
struct Nic {
  std::string name;
  std::int64_t speed = 0;  // bit/s; 0 if not known
  std::int64_t mtu = 1500;
  int node = -1;
  std::optional<std::vector<Word>> addresses;  // with or without a prefix's length; if stated
  bool operator==(const Nic&) const = default;
};
struct NumaNode {
  CpuSet cpus;
  std::int64_t memory = 0;  // bytes; 0 if not known
  bool operator==(const NumaNode&) const = default;
};

// What a release of an operating system comes with.
struct Versions {
  std::optional<Version> kernel, libvirt, systemd, grub, qemu;
  bool operator==(const Versions&) const = default;
};

// What was read of the kernel that a release comes with; shared by all hosts that run it.
struct KernelFacts {
  std::optional<std::vector<std::string>> builtin;  // as in Facts
  std::map<std::string, bool> config;
};

// Facts of one kind of machine; shared by every host that has exactly these.
struct Facts {
  std::string os, release;  // "ubuntu", "24.04"; empty if not known
  std::optional<Version> kernel, libvirt, systemd, grub, qemu;
  // What the release has where nobody says otherwise; empty if it was not measured
  Versions stock;
  // Of the release's kernel, if this is the one; one object a release
  std::shared_ptr<const KernelFacts> measured;
  std::map<std::string, bool> config;  // kernel options that the site states: on or off. See option()
  // Modules built in, with underscores, sorted; if the site states them. See builtin_modules()
  std::optional<std::vector<std::string>> builtin;
  bool bls = false;        // boot entries are edited with grubby
  std::string cpu_vendor;  // "intel", "amd"; empty if not known
  std::optional<std::vector<std::string>> cpu_flags, cpu_vulnerabilities;  // sorted; if stated
  int sockets = 0, cores = 0, threads = 0;                                 // cores: of all sockets
  CpuSet cpus;                     // that are online, as are those of cores and nodes
  std::vector<CpuSet> cores_cpus;  // the threads of each core
  std::vector<NumaNode> nodes;
  std::int64_t memory = 0;  // bytes
  bool interrupt_remapping = true;
  std::vector<Disk> disks;
  std::vector<Nic> nics;
  std::vector<PciDevice> pci;
  // They are missing or wrong, which was reported: what is not known is no news
  bool faulty = false;
  std::string describe() const;                               // "ubuntu 24.04, Linux 6.8"
  std::optional<bool> option(const std::string& name) const;  // stated, else measured
  const std::vector<std::string>* builtin_modules() const;    // likewise; null if not known
  bool builds_in(std::string_view module) const;              // known to, with underscores or dashes
  bool operator==(const Facts&) const = default;
};

// What a site says of a host's place and role. No part of its Facts, so that machines of one kind in four
// hundred racks stay one kind.
struct Labels {
  Value rack;  // Poison if not stated
  std::map<std::string, Value, std::less<>> by_name;
  bool faulty = false;
};
// Whether a name below `host.` is one of these: "rack", "label.role". Which labels there are is up to the
// site.
bool is_label(std::string_view name);
Value label(const Labels& labels, std::string_view name);  // Poison if the host has none

// One fact by its name below `host.`: "memory", "cpu.vendor". Nothing if there is no fact of that name;
// Poison if there is, but it is not known of this machine.
std::optional<Value> fact(const Facts& facts, std::string_view name);
const std::vector<std::string_view>& fact_names();
bool is_fact_name(std::string_view name);

}  // namespace tunec
