// The places that a capture takes, below the root: paths, with stars; a directory stands for all that is in
// it, a link for itself. Those of hwloc-gather-topology (hwloc 2.10, utils/hwloc/hwloc-gather-topology.in)
// are among them, so that hwloc reads a capture too.
#pragma once

#include <string_view>

namespace tunec::host {

// Whose files are taken: of devices, reading what only root may read can act on them.
enum class Reads { everybody, owners };

struct Place {
  std::string_view path;
  Reads reads = Reads::owners;
};

inline constexpr Place kernel_places[] = {
    {"proc/buddyinfo"},
    {"proc/cmdline"},
    {"proc/cpuinfo"},
    {"proc/filesystems"},
    {"proc/interrupts"},
    {"proc/irq/default_smp_affinity"},
    {"proc/loadavg"},
    {"proc/meminfo"},
    {"proc/modules"},
    {"proc/mounts"},
    {"proc/net/dev"},
    {"proc/pressure"},
    {"proc/self/cgroup"},
    {"proc/self/cpuset"},
    {"proc/self/mounts"},
    {"proc/stat"},
    {"proc/swaps"},
    {"proc/sys"},
    {"proc/uptime"},
    {"proc/version"},
    {"proc/vmstat"},
    {"proc/device-tree/cpus"},
    {"run/udev/data/b*"},
    {"sys/block"},
    {"sys/bus/cpu/devices"},
    {"sys/bus/node/devices"},
    {"sys/bus/pci/devices"},
    {"sys/bus/pci/slots", Reads::everybody},
    {"sys/class/block"},
    {"sys/class/dma"},
    {"sys/class/dmi"},
    {"sys/class/drm"},
    {"sys/class/infiniband"},
    {"sys/class/mic"},
    {"sys/class/misc"},
    {"sys/class/net"},
    {"sys/devices/pci*", Reads::everybody},
    {"sys/devices/system/clocksource"},
    {"sys/devices/system/cpu"},
    {"sys/devices/system/node"},
    {"sys/devices/virtual/block", Reads::everybody},
    {"sys/devices/virtual/dmi/id"},
    {"sys/devices/virtual/misc", Reads::everybody},
    {"sys/devices/virtual/net", Reads::everybody},
    {"sys/firmware/dmi/entries/17-*"},
    {"sys/fs/cgroup/*.slice/cpuset.*"},
    {"sys/fs/cgroup/*.slice/memory.*"},
    {"sys/fs/cgroup/cpuset"},
    {"sys/kernel/iommu_groups"},
    {"sys/kernel/kexec_crash_size"},
    {"sys/kernel/mm"},
    {"sys/module/*/parameters"},
};

inline constexpr Place file_places[] = {
    {"etc/cpufrequtils"},
    {"etc/default/cpufrequtils"},
    {"etc/default/grub"},
    {"etc/default/grub.d"},
    {"etc/dracut.conf.d"},
    {"etc/formation"},
    {"etc/fstab"},
    {"etc/hostname"},
    {"etc/initramfs-tools"},
    {"etc/kernel"},
    {"etc/libvirt/*.conf"},
    {"etc/modprobe.d"},
    {"etc/modules"},
    {"etc/modules-load.d"},
    {"etc/os-release"},
    {"etc/sysctl.conf"},
    {"etc/sysctl.d"},
    {"etc/systemd/system"},
    {"etc/tmpfiles.d"},
    {"etc/tuned"},
    {"etc/udev/rules.d"},
    {"etc/wireguard/*.conf"},
    {"run/modprobe.d"},
    {"run/sysctl.d"},
    {"usr/lib/modprobe.d"},
    {"usr/lib/os-release"},
    {"usr/lib/sysctl.d"},
    {"usr/local/lib/modprobe.d"},
    {"usr/local/lib/sysctl.d"},
};

// Reading these asks a device, or changes something.
inline constexpr std::string_view never_read[] = {"rom",    "vpd",       "reset",       "remove",
                                                  "rescan", "mem_sleep", "wakeup_count"};

}  // namespace tunec::host
