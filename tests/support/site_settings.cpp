// The generated sites' own statements: plain settings for every surface, and policies that hold on all these
// sites.
#include "support/site_model.h"

namespace tunec::test {

const std::vector<PlainSetting>& plain_settings() {
  constexpr bool shipped = true, alone = true;
  static const std::vector<PlainSetting> all = {
      {{{"sysctl.vm.swappiness = 5", "formation.performance.swappiness = 5"},
        {"sysctl.vm.swappiness = 60", "formation.performance.swappiness = 60"}},
       shipped},
      {{{"sysctl { vm.dirty_ratio = 30  vm.dirty_background_ratio = 10 }",
         "formation.performance { dirty_ratio = 30%  dirty_background_ratio = 10% }"},
        {"sysctl { vm.dirty_ratio = 10  vm.dirty_background_ratio = 1 }",
         "formation.performance { dirty_ratio = 10%  dirty_background_ratio = 1% }"}},
       shipped},
      {{{"sysctl { vm.dirty_bytes = 1GiB  vm.dirty_background_bytes = 256MiB }"}}, shipped, alone},
      {{{"sysctl.vm.vfs_cache_pressure = 50"}, {"sysctl.vm.vfs_cache_pressure = 200"}}, shipped},
      {{{"sysctl.vm.min_free_kbytes = 64MiB"}, {"sysctl.vm.min_free_kbytes = 32768"}}, shipped},
      {{{"sysctl { vm.overcommit_memory = 2  vm.overcommit_ratio = 80% }"},
        {"sysctl { vm.overcommit_memory = 2  vm.overcommit_ratio = 50% }"}}},
      {{{"sysctl { net.core.rmem_max = 32MiB  net.core.wmem_max = 32MiB  net.ipv4.tcp_rmem = [4KiB, 128KiB, "
         "32MiB]  net.ipv4.tcp_wmem = [4KiB, 64KiB, 32MiB] }"},
        {"sysctl { net.core.rmem_max = 64MiB  net.core.wmem_max = 64MiB }"}},
       shipped},
      {{{"sysctl.net.core.somaxconn = 4096"}, {"sysctl.net.core.somaxconn = 16384"}}, shipped},
      {{{"sysctl.net.ipv4.tcp_keepalive_time = 2min"}, {"sysctl.net.ipv4.tcp_keepalive_time = 600"}},
       shipped},
      {{{"sysctl.net.ipv4.ip_local_port_range = [32768, 60999]"},
        {"sysctl.net.ipv4.ip_local_port_range = [20000, 60000]"}}},
      {{{"sysctl.net.ipv4.tcp_fin_timeout = 30s"}, {"sysctl.net.ipv4.tcp_fin_timeout = 15"}}},
      {{{"sysctl.fs.inotify.max_user_watches = 524288"},
        {"sysctl { fs.inotify.max_user_watches = 1048576  fs.inotify.max_user_instances = 1024 }"}}},
      {{{"sysctl.fs.aio-max-nr = 2097152"}}, shipped},
      {{{"sysctl.kernel.panic = 10s"}, {"sysctl { kernel.panic = 30  kernel.panic_on_oops = on }"}}},
      {{{"sysctl.kernel.pid_max = 4194304"}}},
      {{{"boot.transparent_hugepage = madvise", "formation.performance.transparent_hugepages = madvise"},
        {"boot.transparent_hugepage = never", "formation.performance.transparent_hugepages = never"}},
       shipped},
      {{{"boot.mitigations = auto"}, {"boot.mitigations = \"auto,nosmt\""}}, shipped},
      {{{"boot.nmi_watchdog = off"}}, shipped},
      {{{"boot.skew_tick = on"}}},
      {{{"boot.console(\"ttyS0,115200n8\") = on"}}},
      {{{"sysfs.kernel.mm.transparent_hugepage.defrag = defer"},
        {"sysfs.kernel.mm.transparent_hugepage.defrag = madvise"}}},
      {{{"sysfs.kernel.mm.transparent_hugepage.khugepaged.pages_to_scan = 8192"}}},
      {{{"module.nf_conntrack.hashsize = 65536 where available"},
        {"module.nf_conntrack.hashsize = 131072 where available"}}},
      {{{"module.kvm.halt_poll_ns = 100us"}, {"module.kvm.halt_poll_ns = 0"}}, shipped},
      {{{"modules-load.modules = [br_netfilter]"}, {"modules-load.modules = [nbd, br_netfilter]"}}},
      {{{"modprobe.blacklist = [pcspkr, floppy]"}}},
      {{{"qemu { max_files = 16384  max_processes = 16384 }"}, {"qemu.max_files = 65536"}}, shipped},
      {{{"qemu { keepalive_interval = 5  keepalive_count = 5 }"}}},
      {{{"qemu { seccomp_sandbox = 1  log_timestamp = on }"}}, shipped},
      {{{"qemu.cgroup_controllers = [\"cpu\", \"memory\", \"cpuset\"]"}}},
      {{{"qemu { migration_port_min = 49160  migration_port_max = 49180 }",
         "include reserved_ports([\"49160-49180\"])"}}},
      {{{"udev.read_ahead_kb(nvme) = 128"}, {"udev { read_ahead_kb(ssd) = 4096KiB  rq_affinity(ssd) = 2 }"}}},
      {{{"udev.nr_requests(hdd) = 256"}}},
      {{{"unit \"probe.service\" { Unit.Description = \"A probe\"  Service.ExecStart = \"/bin/true\"  "
         "Install.WantedBy = [\"multi-user.target\"] }"}}},
      {{{"dropin \"libvirtd.service\" { Service.LimitNOFILE = 65536 }"},
        {"dropin \"libvirtd.service\" { Service.TasksMax = 65536 }"}}},
      {{{"mount \"/srv/iso\" { what = \"LABEL=iso\"  type = ext4  options = [ro, noatime] }"}}},
      {{{"prometheus.exporter(smartctl).port = 9633"}, {"prometheus.exporter(ipmi).port = 9290"}}},
      {{{"prometheus.alert(Reboots) { expr = \"changes(node_boot_time_seconds[1h]) > 1\"  severity = warning "
         "}"}}},
      {{{"formation.general { region = \"eu-west\"  log_level = info }"},
        {"formation.general.region = \"eu-central\""}}},
      {{{"formation.monitoring { log_retention_days = 14  dashboard_enabled = on }"}}},
      {{{"formation.vm { disk_cache_mode = none  disk_io_mode = native }"},
        {"formation.vm { disk_cache_mode = writeback  disk_io_mode = threads }"}},
       shipped},
      {{{"formation.vm.network_queue_size = 256"}}, shipped},
  };
  return all;
}

const std::vector<SiteDeclaration>& house_policies() {
  static const std::vector<SiteDeclaration> all = {
      {"policy house-swap",
       {"doc \"Guests' memory stays in memory.\"", "for host",
        "require known(sysctl.vm.swappiness, 60) <= 100",
        "else error \"swappiness is {sysctl.vm.swappiness}\""}},
      {"policy house-memory",
       {"doc \"Nothing smaller is bought.\"", "for host", "require host.memory >= 8GiB",
        "else error \"{host.name} has {host.memory}\""}},
      {"policy house-own-core",
       {"doc \"The first core is the host's.\"", "for host", "when set(boot.isolcpus)",
        "require not (0 in boot.isolcpus)", "else error \"isolcpus = {boot.isolcpus}\""}},
      {"policy house-pool",
       {"doc \"No empty pools.\"", "for pool", "require pool.cpus >= 1",
        "else error \"pool `{pool.name}` is empty\""}},
      {"policy house-mesh",
       {"doc \"IPv6 fits.\"", "for wireguard", "require wireguard.mtu >= 1280",
        "else error \"{wireguard.name} has an MTU of {wireguard.mtu}\""}},
  };
  return all;
}

}  // namespace tunec::test
