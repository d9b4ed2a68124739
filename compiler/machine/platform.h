// The part of a machine that decides what exists there: its release, the versions of its kernel and daemons,
// and how the kernel was built. Availability, conversion, placement and backends get a Platform and nothing
// else, so they cannot depend on any other fact of a host. What nobody gave stays unknown: no version is
// guessed, and no condition on an unknown version holds.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/value.h"
#include "catalogue/catalogue.h"

namespace tunec {

// What a release of an operating system comes with.
struct Versions {
  std::optional<Version> kernel, libvirt, systemd, grub, qemu;
  bool operator==(const Versions&) const = default;
};

// Everything known of the kernel that a release comes with; shared by all hosts that run it.
struct KernelFacts {
  std::optional<std::vector<std::string>> builtin;  // from its record, as in Platform
  std::map<std::string, bool> config;               // from its record
  // Where the kernel was harvested: its place among the catalogue's releases
  const Catalogue* catalogue = nullptr;
  std::optional<std::size_t> release;
  bool knows_all_modules = false;
};

struct Platform {
  std::string os, release;  // "ubuntu", "24.04"; empty if unknown
  std::string kernel_of;    // the distribution whose kernel it runs, if not its own: "rhel"
  std::optional<Version> kernel, libvirt, systemd, grub, qemu;
  Versions stock;  // the release's versions, whatever the site gives; empty if the release is unknown
  // For the release's kernel, if the machine runs it; one object for each release
  std::shared_ptr<const KernelFacts> measured;
  std::map<std::string, bool> config;  // kernel options that the site gives: on or off. See option()
  // Built-in modules, with underscores, sorted; if the site gives them. See builds_in()
  std::optional<std::vector<std::string>> builtin;
  // Modules that, by the site's facts, are installed besides the kernel's own; with underscores, sorted
  std::vector<std::string> installed;
  // The modules of drivers whose names differ from their modules'; for all platforms
  std::shared_ptr<const std::map<std::string, std::string>> driver_modules;
  // Keys that a file of the distribution sets after tunec's usual file, sorted; null if there are none
  std::shared_ptr<const std::vector<std::string>> late_keys;
  // What puts the kernel's command line into effect: "grub", "grubby", "systemd-boot", "proxmox-boot-tool";
  // empty if nobody gave it, and then GRUB is assumed
  std::string boot_loader;
  std::string initramfs;   // what makes it: "initramfs-tools", "dracut"; empty if unknown
  std::string cpu_vendor;  // "intel", "amd"; empty if unknown
  // Some of the machine's facts are missing or wrong, and were reported. So unknown facts are not reported
  // again
  bool faulty = false;

  std::string describe() const;                               // "ubuntu 24.04, Linux 6.8"
  std::optional<bool> option(const std::string& name) const;  // as given, else as harvested
  // Likewise. Names of modules may have dashes or underscores.
  std::optional<std::vector<std::string>> builtin_modules() const;
  std::optional<bool> builds_in(std::string_view module) const;
  // Whether the kernel's own packages contain the module; unknown if not all of them were read.
  ModuleIn module_in(std::string_view module) const;
  bool has_installed(std::string_view module) const;
  // The module that contains a driver of PCI devices, with underscores.
  std::string module_of_driver(const std::string& driver) const;
  std::string_view kernel_distribution() const { return kernel_of.empty() ? os : kernel_of; }
  bool sets_late(std::string_view key) const;  // whether it is among late_keys
  bool operator==(const Platform&) const = default;
};

// For machines without facts.
std::shared_ptr<const Platform> unknown_platform();

// Makes equal platforms one object, so that comparing two hosts' platforms means comparing two pointers.
class DistinctPlatforms {
 public:
  std::shared_ptr<const Platform> find_or_add(Platform platform);

 private:
  std::unordered_map<std::string, std::vector<std::shared_ptr<const Platform>>> by_description_;
};

}  // namespace tunec
