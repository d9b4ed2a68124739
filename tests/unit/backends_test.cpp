// The exact output of the backends for the kernel, its modules, disks and libvirt.
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/hand_made.h"

namespace tunec {
namespace {

using namespace test;
using Type = ValueType;

HandMadeSite boot_site(const Platform& platform = {}) {
  HandMadeSite site;
  ParamInfo size = record("boot", "hugepagesz", Type::size);
  size.unit = "kmg";
  size.order = 20;
  ParamInfo pages = record("boot", "hugepages", Type::integer);
  pages.order = 21;
  ParamInfo more = record("boot", "hugepagesz={} hugepages=", Type::integer);
  more.order = 30;
  ParamInfo nosmt = record("boot", "nosmt", Type::enumeration);
  nosmt.values = {{"on", "", {}, {}}, {"force", "force", {}, {}}};
  site.host("a", platform)
      .set(size, {Bytes{2 << 20}})
      .set(pages, {std::int64_t{512}})
      .set(more, {std::int64_t{4}}, {"1G"})
      .set(nosmt, symbol("on"))
      .set(record("boot", "isolcpus={},", Type::cpuset), cpus("2-7"), {"domain,managed_irq"})
      .set(record("boot", "dyndbg"), {std::string("file drivers/vfio/* +p")})
      .set(record("boot", "quiet", Type::flag), {true})
      .set(record("boot", "splash", Type::flag), {false})
      .set(record("boot", "kvm.nested", Type::boolean), {false});
  return site;
}

TEST(Backends, grub) {
  HandMadeSite site = boot_site();
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/default/grub.d/60-tunec.cfg"),
            "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX dyndbg=\\\"file drivers/vfio/* +p\\\"\"\n"
            "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX isolcpus=domain,managed_irq,2-7\"\n"
            "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX kvm.nested=0\"\n"
            "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX nosmt\"\n"
            "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX quiet\"\n"
            "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX\"\n"
            "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX hugepagesz=2M\"\n"
            "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX hugepages=512\"\n"
            "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX hugepagesz=1G hugepages=4\"\n");
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"update-grub"});
  expect_all_carried(site, fleet);
}

TEST(Backends, boot_loaders_that_take_the_whole_line_from_a_file) {
  const std::string line =
      "dyndbg=\"file drivers/vfio/* +p\" isolcpus=domain,managed_irq,2-7 kvm.nested=0 nosmt quiet "
      "hugepagesz=2M "
      "hugepages=512 hugepagesz=1G hugepages=4\n";
  Platform platform;
  platform.initramfs = "initramfs-tools";
  for (const auto& [loader, command] : {std::pair{"proxmox-boot-tool", "proxmox-boot-tool refresh"},
                                        {"systemd-boot", "update-initramfs -u -k all"}}) {
    platform.boot_loader = loader;
    HandMadeSite site = boot_site(platform);
    const RenderedFleet fleet = site.render();
    EXPECT_EQ(find(fleet.hosts[0].artifacts, "etc/kernel/cmdline")->content, line);
    EXPECT_EQ(steps(fleet), std::vector<std::string>{command});
    expect_all_carried(site, fleet);
  }
}

TEST(Backends, grub_where_boot_entries_are_edited) {
  Platform platform;
  platform.boot_loader = "grubby";
  HandMadeSite site = boot_site(platform);
  const RenderedFleet fleet = site.render();
  EXPECT_TRUE(fleet.hosts[0].artifacts.empty());
  EXPECT_EQ(steps(fleet),
            std::vector<std::string>{
                "grubby --update-kernel=ALL --args='dyndbg=\"file drivers/vfio/* +p\" "
                "isolcpus=domain,managed_irq,2-7 kvm.nested=0 nosmt quiet hugepagesz=2M hugepages=512 "
                "hugepagesz=1G hugepages=4'"});
  expect_all_carried(site, fleet);
}

TEST(Backends, sysctl) {
  HandMadeSite site;
  site.host("a")
      .set(record("sysctl", "vm.swappiness", Type::integer), {std::int64_t{10}})
      .set(list_record("sysctl", "net.ipv4.tcp_rmem"),
           list_of({{std::int64_t{4096}}, {std::int64_t{131072}}, {std::int64_t{16777216}}}))
      .set(record("sysctl", "net.ipv4.conf.{}.rp_filter", Type::integer), {std::int64_t{2}}, {"eth0.100"});
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(
      body(fleet, "etc/sysctl.d/90-tunec.conf"),
      "net.ipv4.conf.eth0/100.rp_filter = 2\nnet.ipv4.tcp_rmem = 4096 131072 16777216\nvm.swappiness = 10\n");
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"sysctl --system"});
  expect_all_carried(site, fleet);
}

TEST(Backends, modprobe) {
  Platform rocky;
  rocky.os = "rocky";
  rocky.initramfs = "dracut";
  HandMadeSite site;
  site.host("a")
      .set(record("module", "kvm_intel.nested", Type::boolean), {true})
      .set(record("module", "kvm_intel.ept", Type::boolean), {true})
      .set(record("module", "kvm.halt_poll_ns", Type::integer), {std::int64_t{500000}})
      .set(list_record("module", "vfio-pci.ids", ","), words({"10de:1b81", "10de:10f0"}))
      .set(list_record("modprobe", "blacklist"), words({"nouveau", "snd_hda_intel"}))
      .set(record("modprobe", "softdep {}"), {std::string("pre: vfio-pci")}, {"nouveau"})
      .host("b", rocky)
      .set(record("module", "dm_mod.create"), {std::string("a b")});
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/modprobe.d/tunec.conf"),
            "options kvm halt_poll_ns=500000\noptions kvm_intel ept=1 nested=1\n"
            "options vfio-pci ids=10de:1b81,10de:10f0\nblacklist nouveau\nblacklist snd_hda_intel\nsoftdep "
            "nouveau pre: vfio-pci\n");
  EXPECT_EQ(body(fleet, "etc/modprobe.d/tunec.conf", 1), "options dm_mod create=\"a b\"\n");
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"update-initramfs -u -k all"});
  EXPECT_EQ(steps(fleet, 1), std::vector<std::string>{"dracut --regenerate-all --force"});
  expect_all_carried(site, fleet);
}

TEST(Backends, modules_load) {
  HandMadeSite site;
  site.host("a").set(list_record("modules-load", "modules"), words({"tcp_bbr", "vfio-pci"}));
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/modules-load.d/tunec.conf"), "tcp_bbr\nvfio-pci\n");
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"systemctl restart systemd-modules-load"});
}

TEST(Backends, udev) {
  ParamInfo requests = record("udev", "queue/nr_requests", Type::integer);
  requests.order = 10;
  const ParamInfo scheduler = record("udev", "queue/scheduler");
  HandMadeSite site;
  site.host("a").set(requests, {std::int64_t{256}}, {"sda"});
  for (const auto& [disks, word] : std::map<std::string, std::string>{
           {"nvme", "none"}, {"ssd", "mq-deadline"}, {"hdd", "bfq"}, {"virtio", "none"}, {"sda", "none"}}) {
    site.set(scheduler, symbol(word), {disks});
  }
  const RenderedFleet fleet = site.render();
  const std::string disk = R"(ACTION=="add|change", SUBSYSTEM=="block", ENV{DEVTYPE}=="disk", )";
  EXPECT_EQ(
      body(fleet, "etc/udev/rules.d/60-tunec.rules"),
      disk + R"(KERNEL=="sd[a-z]|sd[a-z][a-z]", ATTR{queue/rotational}=="1", ATTR{queue/scheduler}="bfq")" +
          "\n" + disk + R"(KERNEL=="nvme[0-9]*n[0-9]*", ATTR{queue/scheduler}="none")" + "\n" + disk +
          R"(KERNEL=="sd[a-z]|sd[a-z][a-z]", ATTR{queue/rotational}=="0", ATTR{queue/scheduler}="mq-deadline")" +
          "\n" + disk + R"(KERNEL=="vd[a-z]|vd[a-z][a-z]", ATTR{queue/scheduler}="none")" + "\n" + disk +
          R"(KERNEL=="sda", ATTR{queue/scheduler}="none")" + "\n" + disk +
          R"(KERNEL=="sda", ATTR{queue/nr_requests}="256")" + "\n");
  // Of exactly these disks: others keep what somebody has set by hand.
  const std::string trigger = " && udevadm trigger --action=change --subsystem-match=block",
                    disks_only = " --property-match='DEVTYPE=disk'",
                    sd = trigger + " --sysname-match='sd[a-z]' --sysname-match='sd[a-z][a-z]'";
  EXPECT_EQ(steps(fleet), std::vector<std::string>{
                              "udevadm control --reload" + trigger + " --sysname-match='nvme[0-9]*n[0-9]*'" +
                              disks_only + sd + " --attr-match='queue/rotational=0'" + disks_only + sd +
                              " --attr-match='queue/rotational=1'" + disks_only + trigger +
                              " --sysname-match='vd[a-z]' --sysname-match='vd[a-z][a-z]'" + disks_only +
                              trigger + " --sysname-match=sda" + disks_only});
  expect_all_carried(site, fleet);
}

TEST(Backends, qemu) {
  ParamInfo core = record("qemu", "max_core", Type::size);
  core.unit = "B";
  core.values = {{"unlimited", "unlimited", {}, {}}};
  ParamInfo keepalive = record("qemu", "keepalive_interval", Type::duration);
  keepalive.unit = "s";
  keepalive.values = {{"off", "-1", {}, {}}};
  ParamInfo features = record("qemu", "default_cpu_deprecated_features", Type::enumeration);
  features.values = {{"off", "off", {}, {}}, {"on", "on", {}, {}}};
  HandMadeSite site;
  site.host("a")
      .set(record("qemu", "vnc_tls", Type::boolean), {true})
      .set(record("qemu", "max_files", Type::integer), {std::int64_t{32768}})
      .set(core, symbol("unlimited"))
      .set(record("qemu", "user"), {std::string("libvirt-qemu")})
      .set(record("qemu", "vnc_listen", Type::address), {Word{WordKind::address, "127.0.0.1"}})
      .set(list_record("qemu", "namespaces"), list_of({}))
      .set(list_record("qemu", "cgroup_controllers"), words({"cpu", "memory"}))
      .host("b")
      .set(keepalive, symbol("off"))
      .set(features, symbol("off"));
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/libvirt/qemu.conf"),
            "cgroup_controllers = [ \"cpu\", \"memory\" ]\nmax_core = \"unlimited\"\nmax_files = 32768\n"
            "namespaces = [ ]\nuser = \"libvirt-qemu\"\nvnc_listen = \"127.0.0.1\"\nvnc_tls = 1\n");
  EXPECT_EQ(body(fleet, "etc/libvirt/qemu.conf", 1),
            "default_cpu_deprecated_features = \"off\"\nkeepalive_interval = -1\n");
  EXPECT_EQ(steps(fleet),
            std::vector<std::string>{"systemctl try-restart 'libvirtd*.service' 'virtqemud*.service'"});
  expect_all_carried(site, fleet);
}

}  // namespace
}  // namespace tunec
