// Mistakes about CPUs, memory and devices.
#include <fmt/format.h>

#include "support/mutations.h"

namespace tunec::test {
namespace {

using Statements = std::vector<std::string>;

// Two sockets with two threads a core. The host has the first core of each node, and the kernel supports all
// forms of isolation.
void isolated(Role& role) {
  role.machine = Machine{.os = "debian 12",
                         .vendor = role.machine.vendor,
                         .sockets = 2,
                         .cores = role.machine.cores,
                         .threads = 2,
                         .half_nodes = false,
                         .memory = role.machine.memory,
                         .disk = role.machine.disk,
                         .mtu = role.machine.mtu,
                         .gpus = 0};
  role.grade.clear();
  role.host_cores = 1;
  role.pools.clear();
}

void with_huge_pages(Role& role) {
  role.grade.clear();
  role.reserve = 4;
  role.gigantic = false;
  role.pools.clear();
}

void without_huge_pages(Role& role) {
  if (role.grade == "novacron.maximum") role.grade.clear();
  role.reserve = 0;
}

void with_card(Role& role) {
  without_huge_pages(role);
  role.machine.os = "debian 12";
  role.machine.gpus = 1;
  role.intents["passthrough"] = 0;
}

void with_card_on_intel(Role& role) {
  with_card(role);
  role.machine.vendor = "intel";
}

void on_intel(Role& role) {
  role.machine.os = "debian 12";
  role.machine.vendor = "intel";
}

void on_amd(Role& role) {
  role.machine.os = "debian 12";
  role.machine.vendor = "amd";
}

Cpus with(Cpus cpus, const Cpus& more) {
  cpus.insert(more.begin(), more.end());
  return cpus;
}

std::string isolcpus(const Cpus& cpus) { return fmt::format("boot.isolcpus = {}", cpu_list(cpus)); }

std::vector<Mutation> of_cpus() {
  return {
      {"isolated CPU that is not there", "T0600", "cpus-exist", 1, isolated,
       [](const Role& role) -> Statements {
         return {isolcpus(with(role.isolated(), {static_cast<int>(role.machine.cpus().size())}))};
       }},
      {"isolated boot CPU", "T0600", "isolation-leaves-cpu0", 2, isolated,
       [](const Role& role) -> Statements {
         return {isolcpus(with(role.isolated(), role.machine.siblings({0})))};
       }},
      {"all CPUs isolated", "T0600", "isolation-leaves-cpus", 2, isolated,
       [](const Role& role) -> Statements { return {isolcpus(role.machine.cpus())}; }},
      {"split core", "T0600", "isolation-whole-cores", 4, isolated,
       [](const Role& role) -> Statements {
         Cpus cpus = role.isolated();
         cpus.erase(*cpus.rbegin());
         return {isolcpus(cpus)};
       }},
      {"node without a core of the host's", "T0600", "isolation-leaves-nodes", 3, isolated,
       [](const Role& role) -> Statements {
         return {isolcpus(with(role.isolated(), role.machine.nodes()[1]))};
       }},
      {"nohz_full other than isolcpus on an old kernel", "T0600", "nohz-full-equals-isolcpus", 5,
       [](Role& role) {
         isolated(role);
         role.machine.os = "rocky 9";
       },
       [](const Role& role) -> Statements {
         return {
             fmt::format("boot.nohz_full = {}", cpu_list(role.machine.siblings({*role.isolated().begin()})))};
       }},
      {"nohz_full outside of isolcpus", "T0600", "nohz-full-isolated", 5, isolated,
       [](const Role& role) -> Statements {
         return {fmt::format("boot.nohz_full = {}", cpu_list(role.machine.cpus()))};
       }},
      {"dedicated CPU that is not isolated", "T0604", "budget `cpus`", 9, isolated,
       [](const Role& role) -> Statements {
         return {fmt::format("formation.vm.cpu_dedicated_set = {}", cpu_list(role.machine.cpus()))};
       }},
      {"nosmt beside lists of second threads", "T0600", "no-dead-cpus", 10, isolated,
       [](const Role&) -> Statements { return {"boot.nosmt = force"}; }},
      {"two owners of the governor", "T0600", "one-governor", 69,
       [](Role& role) {
         role.machine.os = "debian 12";
         role.intents["governor"] = 0;
       },
       [](const Role&) -> Statements { return {"cpufrequtils.GOVERNOR = performance"}; }},
      {"long polling with overcommit", "T0600", "halt-poll-overcommit", 13,
       [](Role& role) {
         on_amd(role);
         role.grade.clear();
         role.host_cores = 0;
       },
       [](const Role&) -> Statements {
         return {"module.kvm.halt_poll_ns = 500us", "formation.vm.cpu_overcommit_ratio = 2x"};
       }},
      {"pinned guests on overcommitted CPUs", "T0600", "pinned-not-overcommitted", 0, isolated,
       [](const Role&) -> Statements { return {"formation.vm.cpu_overcommit_ratio = 2x"}; }},
      {"callbacks off CPUs that are not isolated", "T0600", "rcu-nocbs-isolated", 6, isolated,
       [](const Role& role) -> Statements {
         return {fmt::format("boot.rcu_nocbs = {}", cpu_list(role.machine.cpus()))};
       }},
      {"a flag that refuses the whole list", "T0600", "isolation-flags", 8,
       [](Role& role) {
         role.grade.clear();
         role.host_cores = 0;
         role.machine.os = "ubuntu 20.04";
       },
       [](const Role&) -> Statements { return {"boot.isolcpus(\"domain,managed_irq\") = [2..3]"}; }},
      {"NUMA awareness of one node", "T0600", "numa-on-one-node", 14,
       [](Role& role) {
         role.machine.sockets = 1;
         role.machine.half_nodes = false;
       },
       [](const Role&) -> Statements { return {"formation.vm.numa_aware = on"}; }},
      {"mitigations off", "T0610", "boot.mitigations", 71, nullptr,
       [](const Role&) -> Statements { return {"boot.mitigations = off"}; }},
  };
}

std::vector<Mutation> of_memory() {
  return {
      {"more huge pages than memory", "T0604", "budget `memory`", 16, with_huge_pages,
       [](const Role& role) -> Statements {
         return {fmt::format("boot.hugepages = {}", role.machine.memory * 1024)};
       }},
      {"another number of huge pages in sysctl", "T0600", "hugepages-agree", 18, with_huge_pages,
       [](const Role&) -> Statements { return {"sysctl.vm.nr_hugepages = 8"}; }},
      {"another share of huge pages in the JSON", "T0600", "hugepages-formation-share", 17, with_huge_pages,
       [](const Role&) -> Statements { return {"formation.vm.hugepages_percentage = 99"}; }},
      {"another size of huge pages in the JSON", "T0600", "hugepages-formation-size", 19, with_huge_pages,
       [](const Role&) -> Statements { return {"formation.vm.hugepages_size_mb = 1024"}; }},
      {"too few huge pages", "T0600", "hugepage-bounds", 17, with_huge_pages,
       [](const Role&) -> Statements { return {"boot.hugepages = 16"}; }},
      {"huge pages for Formation that nobody reserves", "T0600", "hugepages-for-formation", 17,
       without_huge_pages, [](const Role&) -> Statements { return {"formation.vm.use_hugepages = on"}; }},
      {"huge pages of one size asked for twice", "T0600", "hugepages-once", 20, with_huge_pages,
       [](const Role&) -> Statements { return {"boot.hugepages(\"2M\") = 2048"}; }},
      {"too little memory kept free", "T0600", "min-free-enough", 25, nullptr,
       [](const Role&) -> Statements { return {"sysctl.vm.min_free_kbytes = 512"}; }},
      {"a limit that nobody reads", "T0600", "overcommit-limit-read", 27, nullptr,
       [](const Role&) -> Statements {
         return {"sysctl { vm.overcommit_memory = 1  vm.overcommit_ratio = 80% }"};
       }},
      {"gigantic pages after boot", "T0600", "hugepages-gigantic-at-boot", 21, without_huge_pages,
       [](const Role&) -> Statements {
         return {"boot.default_hugepagesz = 1GiB", "sysfs.kernel.mm.hugepages(\"1048576kB\") = 4"};
       }},
      {"overcommit on huge pages", "T0600", "hugepages-no-memory-overcommit", 22, with_huge_pages,
       [](const Role&) -> Statements { return {"formation.vm.memory_overcommit_ratio = 2x"}; }},
      {"ballooning on huge pages", "T0600", "hugepages-not-given-back", 23, with_huge_pages,
       [](const Role&) -> Statements { return {"formation.vm.default_memory_ballooning = on"}; }},
      {"balancing of huge pages", "T0600", "numa-balancing-useless", 15,
       [](Role& role) {
         with_huge_pages(role);
         role.machine.sockets = 2;
       },
       [](const Role&) -> Statements { return {"sysctl.kernel.numa_balancing = 1"}; }},
      {"too much memory kept free", "T0600", "min-free", 25, nullptr,
       [](const Role& role) -> Statements {
         return {fmt::format("sysctl.vm.min_free_kbytes = {}MiB", role.machine.memory * 1024 / 20)};
       }},
      {"dirty limits the wrong way round", "T0600", "dirty-order", 26, nullptr,
       [](const Role&) -> Statements {
         return {"sysctl { vm.dirty_ratio = 5  vm.dirty_background_ratio = 10 }"};
       }},
      {"dirty limit in two units", "T0600", "dirty-one-unit", 26, nullptr,
       [](const Role&) -> Statements { return {"sysctl { vm.dirty_ratio = 20  vm.dirty_bytes = 1GiB }"}; }},
  };
}

std::vector<Mutation> of_devices() {
  return {
      {"the other vendor's IOMMU", "T0702", "boot.intel_iommu", 39, on_amd,
       [](const Role&) -> Statements { return {"boot.intel_iommu = on"}; }},
      {"the other vendor's module", "T0701", "module.kvm_amd.nested", 44, on_intel,
       [](const Role&) -> Statements { return {"module.kvm_amd.nested = on"}; }},
      {"a card without an IOMMU", "T0600", "passthrough-needs-iommu", 40, with_card_on_intel,
       [](const Role&) -> Statements { return {"boot.intel_iommu = off"}; }},
      {"half a card", "T0600", "passthrough-whole-device", 41, with_card,
       [](const Role&) -> Statements {
         return {"override module.vfio-pci.ids = [10de:2206] because \"the sound stays\""};
       }},
      {"a device that is not there", "T0600", "passthrough-devices-exist", 41, with_card,
       [](const Role&) -> Statements { return {"module.vfio-pci.ids = [10de:1234]"}; }},
      {"the host's driver for a guest's card", "T0600", "passthrough-one-driver", 42, with_card,
       [](const Role&) -> Statements { return {"modules-load.modules = [nouveau]"}; }},
      {"a module both loaded and kept out", "T0600", "blacklist-not-loaded", 49, nullptr,
       [](const Role&) -> Statements {
         return {"modules-load.modules = [floppy]", "modprobe.blacklist = [floppy]"};
       }},
      {"a card on memory that is promised twice", "T0600", "passthrough-fixed-memory", 24, with_card,
       [](const Role&) -> Statements { return {"formation.vm.memory_overcommit_ratio = 2x"}; }},
      {"unsafe interrupts", "T0610", "module.vfio_iommu_type1.allow_unsafe_interrupts", 43, on_intel,
       [](const Role&) -> Statements { return {"module.vfio_iommu_type1.allow_unsafe_interrupts = on"}; }},
      {"nesting that the module forbids", "T0600", "nested-agrees", 44,
       [](Role& role) {
         on_intel(role);
         role.grade.clear();
         role.intents["nested"] = 0;
       },
       [](const Role&) -> Statements { return {"formation.vm.enable_nested_virtualization = on"}; }},
      {"avic without npt", "T0600", "avic-needs-npt", 45, on_amd,
       [](const Role&) -> Statements { return {"module.kvm_amd { avic = on  npt = off }"}; }},
      {"a mount by a name that changes", "T0600", "stable-device-names", 56, nullptr,
       [](const Role&) -> Statements {
         return {"mount \"/srv/more\" { what = \"/dev/sdb1\"  type = ext4 }"};
       }},
      {"native I/O through the cache", "T0600", "native-io-uncached", 57, nullptr,
       [](const Role&) -> Statements {
         return {"formation.vm { disk_io_mode = native  disk_cache_mode = writeback }"};
       }},
      {"a namespace that stops libvirt", "T0703", "qemu.namespaces", 58, nullptr,
       [](const Role&) -> Statements { return {"qemu.namespaces = [\"mount\", \"network\"]"}; }},
  };
}

}  // namespace

std::vector<Mutation> machine_mutations() {
  std::vector<Mutation> all;
  for (const auto& some : {of_cpus(), of_memory(), of_devices()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

}  // namespace tunec::test
