// Mistakes in single settings of the kernel, of units and of libvirt, which no law about files knows.
#include "support/mutations.h"

namespace tunec::test {
namespace {

using Statements = std::vector<std::string>;

Mutation setting(std::string name, std::string says, Statements (*statements)(const Role& role)) {
  return {std::move(name), "T0600", std::move(says), 0, [](Role& role) { role.machine.memory = 64; },
          statements};
}

}  // namespace

std::vector<Mutation> setting_mutations() {
  return {
      setting("half of the memory for TCP", "tcp-mem-pages",
              [](const Role&) -> Statements { return {"sysctl.net.ipv4.tcp_mem = [4GiB, 8GiB, 40GiB]"}; }),
      setting("half of the memory for UDP", "udp-mem-pages",
              [](const Role&) -> Statements { return {"sysctl.net.ipv4.udp_mem = [4GiB, 8GiB, 40GiB]"}; }),
      setting("connections that begin large", "tcp-buffers-initial",
              [](const Role&) -> Statements { return {"sysctl.net.ipv4.tcp_wmem = [4KiB, 24MiB, 24MiB]"}; }),
      setting("connections that begin small", "tcp-rmem-first",
              [](const Role&) -> Statements { return {"sysctl.net.ipv4.tcp_rmem = [4KiB, 64KiB, 16MiB]"}; }),
      setting("thresholds that do not ascend", "neighbour-thresholds",
              [](const Role&) -> Statements { return {"sysctl.net.ipv4.neigh.default.gc_thresh3 = 400"}; }),
      setting(
          "no port left", "ephemeral-ports-left",
          [](const Role&) -> Statements {
            return {
                "sysctl { net.ipv4.ip_local_port_range = [50000, 50001]  net.ipv4.ip_local_reserved_ports = "
                "\"50000-50001\" }"};
          }),
      setting(
          "one port", "ephemeral-ports-some",
          [](const Role&) -> Statements { return {"sysctl.net.ipv4.ip_local_port_range = [50000, 50000]"}; }),
      setting(
          "ports of one parity at both ends", "ephemeral-ports-parity",
          [](const Role&) -> Statements { return {"sysctl.net.ipv4.ip_local_port_range = [50000, 50002]"}; }),
      setting("forwarding that a pattern takes back", "ipv4-forwarding-agrees",
              [](const Role&) -> Statements {
                return {"sysctl { net.ipv4.ip_forward = on  net.ipv4.conf(\"*\").forwarding = off }"};
              }),
      setting("forwarding of one interface", "ipv6-forwarding-of-all",
              [](const Role&) -> Statements { return {"sysctl.net.ipv6.conf.eth0.forwarding = on"}; }),
      setting("advertisements that a router refuses", "router-advertisements-refused",
              [](const Role&) -> Statements {
                return {"sysctl { net.ipv6.conf.all.forwarding = on  net.ipv6.conf.eth0.accept_ra = 1 }"};
              }),
      setting("a tenth of the memory kept free", "min-free-excessive",
              [](const Role&) -> Statements { return {"sysctl.vm.min_free_kbytes = 12GiB"}; }),
      setting(
          "zswap without swapping", "swap-compressed-unused",
          [](const Role&) -> Statements { return {"sysctl.vm.swappiness = 0  boot.zswap.enabled = on"}; }),
      setting("a driver that is loaded and forbidden", "no-driver-off-and-on",
              [](const Role&) -> Statements {
                return {"modules-load.modules = [nbd]  boot.module_blacklist = [nbd]"};
              }),
      setting("a service that runs nothing", "unit-has-command",
              [](const Role&) -> Statements { return {"unit \"broken.service\" { Service.Nice = 5 }"}; }),
      setting("a service with two commands", "unit-one-command",
              [](const Role&) -> Statements {
                return {"unit \"broken.service\" { Service.ExecStart = [\"/bin/true\", \"/bin/false\"] }"};
              }),
      setting("devices that no guest may open", "qemu-device-acl",
              [](const Role&) -> Statements { return {"qemu.cgroup_device_acl = [\"/dev/kvm\"]"}; }),
      setting("a mount point that nothing mounts", "hugetlbfs-mounted",
              [](const Role&) -> Statements { return {"qemu.hugetlbfs_mount = \"/dev/hugepages3G\""}; }),
  };
}

}  // namespace tunec::test
