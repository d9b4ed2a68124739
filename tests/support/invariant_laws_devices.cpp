// Laws of modules, devices and disks, and of the files themselves.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "support/case_reader.h"
#include "support/invariant_laws.h"

namespace tunec::test {
namespace {

// A module's option, from the boot line or from modprobe.d.
std::optional<std::string> option(const HostFiles& files, const std::string& name) {
  const auto value = find(files.options, name);
  return value ? value : find(files.cmdline, name);
}

bool loads(const HostFiles& files, std::string_view module) {
  return std::ranges::count(files.modules, module) > 0;
}

std::set<std::string> split(const std::string& list) {
  std::set<std::string> items;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    items.insert(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return items;
}

void vendors_iommu(const HostCase& host, Ledger& ledger) {
  const bool intel = host.machine.vendor == "intel";
  if (find(host.files.cmdline, "intel_iommu")) ledger.holds(intel, "intel_iommu on AMD");
  if (const auto amd = find(host.files.cmdline, "amd_iommu"))
    ledger.holds(!intel && amd != "on", "amd_iommu=" + *amd);
}

void passthrough(const HostCase& host, Ledger& ledger) {
  if (!is_on(at(host.files, "hardware.gpu_enabled"))) return;
  ledger.holds(
      host.machine.vendor == "amd" || find(host.files.cmdline, "intel_iommu").value_or("").starts_with("on"),
      "the IOMMU is off");
  ledger.holds(loads(host.files, "vfio-pci") || host.machine.vfio_builtin(), "vfio-pci is not loaded");
  ledger.holds(option(host.files, "vfio-pci.ids").has_value(), "vfio-pci.ids is missing");
}

void whole_devices(const HostCase& host, Ledger& ledger) {
  const auto ids = option(host.files, "vfio-pci.ids");
  if (!ids) return;
  std::set<std::string> wanted;
  for (const std::string& id : host.machine.gpu_ids()) wanted.insert(id);
  for (const std::string& id : host.machine.gpu_functions()) wanted.insert(id);
  ledger.holds(split(*ids) == wanted, *ids);
}

void one_driver(const HostCase& host, Ledger& ledger) {
  if (!option(host.files, "vfio-pci.ids")) return;
  for (const std::string& module : host.files.modules)
    ledger.holds(!module.starts_with("nvidia") && module != "nouveau" && module != "amdgpu", module);
}

void safe_interrupts(const HostCase& host, Ledger& ledger) {
  const auto unsafe = option(host.files, "vfio_iommu_type1.allow_unsafe_interrupts");
  ledger.holds(!unsafe || unsafe == "0" || unsafe == "N", "allow_unsafe_interrupts");
}

void vendors_kvm(const HostCase& host, Ledger& ledger) {
  const std::string ours = "kvm_" + host.machine.vendor,
                    other = host.machine.vendor == "intel" ? "kvm_amd" : "kvm_intel";
  for (const auto& [key, value] : host.files.options) ledger.holds(!key.starts_with(other), key);
  for (const auto& [key, value] : host.files.cmdline) ledger.holds(!key.starts_with(other), key);
  for (const std::string& module : host.files.modules) ledger.holds(module != other, module);
  const nlohmann::json& nesting = at(host.files, "vm.enable_nested_virtualization");
  const auto nested = option(host.files, ours + ".nested");
  if (!nesting.is_null())
    ledger.holds(nested == (is_on(nesting) ? "1" : "0") || nested == (is_on(nesting) ? "Y" : "N"),
                 "nested = " + nested.value_or("nothing"));
}

void avic(const HostCase& host, Ledger& ledger) {
  const auto on = option(host.files, "kvm_amd.avic");
  if (on && on != "0" && on != "N")
    ledger.holds(option(host.files, "kvm_amd.npt").value_or("1") != "0", "avic without npt");
}

void builtins_on_boot_line(const HostCase& host, Ledger& ledger) {
  if (!host.machine.vfio_builtin()) return;
  for (const auto& [key, value] : host.files.options) {
    const std::string module = key.substr(0, key.find('.'));
    ledger.holds(module != "vfio-pci" && module != "vfio_pci" && module != "vfio_iommu_type1" &&
                     module != "dm_mod" && module != "scsi_mod",
                 key);
  }
}

void blacklist(const HostCase& host, Ledger& ledger) {
  for (const std::string& module : host.files.modules)
    ledger.holds(!host.files.blacklist.contains(module), module + " is both loaded and blacklisted");
  ledger.holds(
      std::set(host.files.modules.begin(), host.files.modules.end()).size() == host.files.modules.size(),
      "a module is listed twice");
}

void no_key_twice(const HostCase& host, Ledger& ledger) {
  for (const auto* pairs :
       {&host.files.sysctl, &host.files.options, &host.files.tmpfiles, &host.files.qemu}) {
    std::set<std::string> seen;
    for (const auto& [key, value] : *pairs) ledger.holds(seen.insert(key).second, key + " twice");
  }
}

void no_word_twice(const HostCase& host, Ledger& ledger) {
  std::set<std::string> seen;
  for (const auto& [key, value] : host.files.cmdline) {
    if (key != "hugepagesz" && key != "hugepages" && key != "console")
      ledger.holds(seen.insert(key).second, key + " twice");
  }
}

void short_line(const HostCase& host, Ledger& ledger) {
  const std::string& line = host.files.cmdline_text;
  ledger.holds(line.size() < 2048 && line.find_first_of("#\n") == std::string::npos &&
                   std::ranges::count(line, '"') % 2 == 0,
               line);
}

void plain_sysctl(const HostCase& host, Ledger& ledger) {
  ledger.holds(!host.files.texts.contains("etc/sysctl.conf"), "/etc/sysctl.conf");
  for (const auto& [key, value] : host.files.sysctl)
    ledger.holds(!value.empty() && value.find_first_of("#;") == std::string::npos, key + " = " + value);
}

std::string disks_of(const UdevRule& rule) { return find(rule.matches, "KERNEL").value_or(""); }

void schedulers(const HostCase& host, Ledger& ledger) {
  static const std::set<std::string> supported = {"none", "mq-deadline", "kyber", "bfq"};
  static const std::map<std::string, std::string> modules = {{"bfq", "bfq"}, {"kyber", "kyber-iosched"}};
  for (const UdevRule& rule : host.files.udev) {
    ledger.holds(find(rule.matches, "SUBSYSTEM") == "block" && rule.assignments.size() == 1,
                 "not a rule for one attribute of disks");
    const auto scheduler = find(rule.assignments, "ATTR{queue/scheduler}");
    if (!scheduler) continue;
    ledger.holds(supported.contains(*scheduler), *scheduler);
    if (modules.contains(*scheduler))
      ledger.holds(loads(host.files, modules.at(*scheduler)) || host.machine.schedulers_builtin(),
                   *scheduler + " is not loaded");
    if (disks_of(rule).starts_with("nvme")) ledger.holds(*scheduler == "none", "NVMe with " + *scheduler);
  }
}

void weights(const HostCase& host, Ledger& ledger) {
  bool bfq = false;
  for (const UdevRule& rule : host.files.udev)
    bfq = bfq || find(rule.assignments, "ATTR{queue/scheduler}") == "bfq";
  for (const auto& type : at(host.files, "instance_types")) {
    if (type.contains("io_weight")) ledger.holds(bfq, "io_weight");
  }
}

void stable_names(const HostCase& host, Ledger& ledger) {
  for (const auto& [path, unit] : host.files.units) {
    const auto device = find(unit, "Mount.What");
    if (path.ends_with(".mount"))
      ledger.holds(device && !device->starts_with("/dev/sd") && !device->starts_with("/dev/vd"), path);
  }
}

void uncached(const HostCase& host, Ledger& ledger) {
  if (at(host.files, "vm.disk_io_mode") != "native") return;
  const nlohmann::json& cache = at(host.files, "vm.disk_cache_mode");
  ledger.holds(cache == "none" || cache == "directsync", "native with " + cache.dump());
}

void libvirt_starts(const HostCase& host, Ledger& ledger) {
  static const std::set<std::string> controllers = {"cpu", "devices", "memory", "blkio", "cpuset", "cpuacct"};
  const Pairs& qemu = host.files.qemu;
  ledger.holds(!find(qemu, "namespaces") || find(qemu, "namespaces") == "mount\n", "namespaces");
  for (const std::string& name : lines_of(find(qemu, "cgroup_controllers").value_or("")))
    ledger.holds(controllers.contains(name), name);
  const auto first = number(qemu, "migration_port_min"), last = number(qemu, "migration_port_max");
  if (first && last) ledger.holds(*first <= *last, "migration ports");
}

}  // namespace

std::vector<HostLaw> device_laws() {
  return {{39, "an IOMMU's parameter belongs to its vendor", vendors_iommu},
          {40, "passed-through devices have an IOMMU, and vfio-pci has their IDs", passthrough},
          {41, "devices are passed through with all their functions", whole_devices},
          {42, "the host loads no driver for cards that are passed to guests", one_driver},
          {43, "unsafe interrupts are not allowed", safe_interrupts},
          {44, "KVM's module is the vendor's, and its nesting agrees with Formation", vendors_kvm},
          {45, "avic is used only with npt", avic},
          {46, "options of built-in modules are on the boot line", builtins_on_boot_line},
          {49, "no module is both loaded and blacklisted", blacklist},
          {50, "a key is set once in a file", no_key_twice},
          {51, "a parameter occurs once on the boot line", no_word_twice},
          {52, "the boot line is short and complete", short_line},
          {53, "a line of sysctl.d ends with its value", plain_sysctl},
          {54, "schedulers exist and are loaded; NVMe disks use none", schedulers},
          {55, "weights are set only with bfq, which honours them", weights},
          {56, "mounts use stable device names", stable_names},
          {57, "native I/O bypasses the cache", uncached},
          {58, "libvirt's driver can start", libvirt_starts}};
}

}  // namespace tunec::test
