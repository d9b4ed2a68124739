// What every host gets: one Setting per parameter, with where it comes from and what it beat.
// Settings are shared by all hosts of a class; a HostPlan holds pointers into its class's settings and its own few.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/value.h"
#include "catalogue/param.h"

namespace tunec {

struct Origin {
  Span where;                   // the statement
  std::vector<Span> via;        // the includes that led to it, outermost first; empty in the host's own body
  std::vector<std::string> profiles;  // their names, outermost first
  bool forced = false;          // `override`
  bool unchecked = false;
  bool only_where_available = false;
  std::string because;          // the reason given with either
};

struct Overridden {
  Value value;
  Origin origin;
};

struct Setting {
  const ParamInfo* param = nullptr;
  std::string name;                    // "wireguard(wg0).mtu"
  std::vector<std::string> instances;  // {"wg0"}
  std::string surface;                 // the carrier on this host: the record's, or another that does the same there
  std::string key;                     // the target's name, instances filled in
  Value value;                         // typed: after check() a value of the record's type
  Origin origin;
  std::vector<Origin> agreeing;        // others that gave the same value, or a part of it
  std::vector<Overridden> overridden;
};

struct PciDevice {
  std::string address, id, name;
  int node = -1;
  bool gpu = false;
};
struct Disk {
  std::string name, kind;  // kind: nvme, ssd, hdd, virtio
  std::int64_t size = 0;   // bytes; 0 if not known
};
struct Nic {
  std::string name;
  std::int64_t speed = 0;  // bit/s; 0 if not known
  std::int64_t mtu = 1500;
};
struct NumaNode {
  CpuSet cpus;
  std::int64_t memory = 0;  // bytes; 0 if not known
};

// Facts of one kind of machine; shared by every host that has exactly these.
struct Facts {
  std::string os, release;             // "ubuntu", "24.04"; empty if not known
  std::optional<Version> kernel, libvirt, systemd, grub, qemu;
  std::map<std::string, bool> config;  // kernel options that were looked up: on or off; others are not known
  std::optional<std::vector<std::string>> builtin;  // modules built in, with underscores, sorted; if measured
  bool bls = false;                    // boot entries are edited with grubby
  std::string cpu_vendor;              // "intel", "amd"; empty if not known
  int sockets = 0, cores = 0, threads = 0;  // cores: of all sockets
  CpuSet cpus;
  std::vector<CpuSet> cores_cpus;      // the threads of each core
  std::vector<NumaNode> nodes;
  std::int64_t memory = 0;             // bytes
  bool interrupt_remapping = true;
  std::vector<Disk> disks;
  std::vector<Nic> nics;
  std::vector<PciDevice> pci;
  std::string describe() const;        // "ubuntu 24.04, Linux 6.8"
};

struct HostPlan {
  std::string name;
  Span declared;
  std::vector<std::string> groups;
  std::shared_ptr<const Facts> facts;
  std::size_t host_class = 0;                              // hosts of one number share what is not their own
  std::vector<const Setting*> settings;                    // sorted by name
  std::vector<std::shared_ptr<const std::vector<Setting>>> storage;  // keeps them alive

  const Setting* find(std::string_view name) const;
};

struct Plan {
  std::string site;
  std::vector<HostPlan> hosts;  // sorted by name
};

}  // namespace tunec
