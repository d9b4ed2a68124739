// Each backend's exact text for a small host made by hand, and that the backends share the surfaces out among them.
// With TUNEC_SAMPLES=DIR the trees are also written there, for the oracles.
#include <algorithm>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "emit/backend.h"
#include "emit/render.h"

namespace tunec {
namespace {

using Type = ValueType;

ParamInfo record(std::string surface, std::string key, Type type = Type::string) {
  ParamInfo param;
  param.surface = std::move(surface);
  param.name = param.surface + "." + key;
  param.key = std::move(key);
  param.type = type;
  return param;
}

ParamInfo list_record(std::string surface, std::string key, std::string separator = "") {
  ParamInfo param = record(std::move(surface), std::move(key), Type::list);
  param.element = Type::any;
  param.separator = std::move(separator);
  return param;
}

Value words(std::vector<std::string> texts) {
  std::vector<Value> items;
  for (std::string& text : texts) items.push_back(symbol(std::move(text)));
  return list_of(std::move(items));
}

Value cpus(const char* text) { return {*CpuSet::parse(text)}; }

// A plan of hosts that are made setting by setting.
class Site {
 public:
  Site& host(const std::string& name, const Facts& facts = {}) {
    plan_.hosts.push_back({});
    plan_.hosts.back().name = name;
    plan_.hosts.back().facts = std::make_shared<const Facts>(facts);
    return *this;
  }
  Site& set(ParamInfo param, Value value, std::vector<std::string> instances = {}) {
    params_.push_back(std::move(param));
    Setting setting;
    setting.param = &params_.back();
    setting.surface = setting.param->surface;
    setting.key = setting.param->key;
    for (const std::string& instance : instances) {
      if (const std::size_t hole = setting.key.find("{}"); hole != std::string::npos) setting.key.replace(hole, 2, instance);
    }
    setting.name = setting.key;
    for (const std::string& instance : instances) setting.name += "(" + instance + ")";
    setting.instances = std::move(instances);
    setting.value = std::move(value);
    settings_.push_back(std::move(setting));
    plan_.hosts.back().settings.push_back(&settings_.back());
    return *this;
  }
  RenderedFleet render() {
    for (HostPlan& host : plan_.hosts) std::ranges::sort(host.settings, {}, &Setting::name);
    RenderedFleet fleet = tunec::render(plan_, all_backends());
    save(fleet);
    return fleet;
  }
  const std::deque<Setting>& settings() const { return settings_; }

 private:
  static void write(const std::filesystem::path& root, const Artifacts& artifacts) {
    for (const auto& artifact : artifacts) {
      std::filesystem::create_directories((root / artifact->path).parent_path());
      std::ofstream(root / artifact->path) << artifact->content;
    }
  }
  static void save(const RenderedFleet& fleet) {
    const char* at = std::getenv("TUNEC_SAMPLES");
    if (at == nullptr) return;
    const std::filesystem::path root = std::filesystem::path(at) / ::testing::UnitTest::GetInstance()->current_test_info()->name();
    for (const RenderedHost& host : fleet.hosts) write(root / host.name, host.artifacts);
    write(root, fleet.site);
  }
  Plan plan_;
  std::deque<ParamInfo> params_;
  std::deque<Setting> settings_;
};

const Artifact* find(const Artifacts& artifacts, std::string_view path) {
  const auto found = std::ranges::find(artifacts, path, [](const auto& artifact) { return std::string_view(artifact->path); });
  return found == artifacts.end() ? nullptr : found->get();
}

// A file without its heading line.
std::string body(const RenderedFleet& fleet, std::string_view path, std::size_t host = 0) {
  const Artifact* artifact = find(host < fleet.hosts.size() ? fleet.hosts[host].artifacts : fleet.site, path);
  if (artifact == nullptr) return "no " + std::string(path);
  const std::string& text = artifact->content;
  return text.starts_with("# Written by tunec") ? text.substr(text.find('\n') + 1) : text;
}

constexpr std::size_t of_site = 1000000;

std::vector<std::string> steps(const RenderedFleet& fleet, std::size_t host = 0) {
  std::vector<std::string> result;
  for (const Step& step : *fleet.hosts[host].steps) result.push_back(step.command);
  return result;
}

// Conservation: every setting is behind a line of a file, or carried by a step.
void expect_all_carried(const Site& site, const RenderedFleet& fleet) {
  std::set<const Setting*> carried;
  const auto take = [&](const Artifacts& artifacts) {
    for (const auto& artifact : artifacts) {
      for (const ArtifactLine& line : artifact->lines) carried.insert(line.settings.begin(), line.settings.end());
    }
  };
  take(fleet.site);
  for (const RenderedHost& host : fleet.hosts) {
    take(host.artifacts);
    for (const Step& step : *host.steps) carried.insert(step.settings.begin(), step.settings.end());
  }
  for (const Setting& setting : site.settings()) EXPECT_TRUE(carried.contains(&setting)) << setting.name;
}

Site boot_site(const Facts& facts = {}) {
  Site site;
  ParamInfo size = record("boot", "hugepagesz", Type::size);
  size.unit = "kmg";
  size.order = 20;
  ParamInfo pages = record("boot", "hugepages", Type::integer);
  pages.order = 21;
  ParamInfo more = record("boot", "hugepagesz={} hugepages=", Type::integer);
  more.order = 30;
  ParamInfo nosmt = record("boot", "nosmt", Type::enumeration);
  nosmt.values = {{"on", "", {}}, {"force", "force", {}}};
  site.host("a", facts)
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
  Site site = boot_site();
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/default/grub.d/60-tunec.cfg"),
            "GRUB_CMDLINE_LINUX=\"$GRUB_CMDLINE_LINUX dyndbg=\\\"file drivers/vfio/* +p\\\" isolcpus=domain,managed_irq,2-7 kvm.nested=0 "
            "nosmt quiet hugepagesz=2M hugepages=512 hugepagesz=1G hugepages=4\"\n");
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"update-grub"});
  expect_all_carried(site, fleet);
}

TEST(Backends, grub_where_boot_entries_are_edited) {
  Facts facts;
  facts.bls = true;
  Site site = boot_site(facts);
  const RenderedFleet fleet = site.render();
  EXPECT_TRUE(fleet.hosts[0].artifacts.empty());
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"grubby --update-kernel=ALL --args='dyndbg=\"file drivers/vfio/* +p\" "
                                                   "isolcpus=domain,managed_irq,2-7 kvm.nested=0 nosmt quiet hugepagesz=2M hugepages=512 "
                                                   "hugepagesz=1G hugepages=4'"});
  expect_all_carried(site, fleet);
}

TEST(Backends, sysctl) {
  Site site;
  site.host("a")
      .set(record("sysctl", "vm.swappiness", Type::integer), {std::int64_t{10}})
      .set(list_record("sysctl", "net.ipv4.tcp_rmem"), list_of({{std::int64_t{4096}}, {std::int64_t{131072}}, {std::int64_t{16777216}}}))
      .set(record("sysctl", "net.ipv4.conf.{}.rp_filter", Type::integer), {std::int64_t{2}}, {"eth0.100"});
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/sysctl.d/90-tunec.conf"),
            "net.ipv4.conf.eth0/100.rp_filter = 2\nnet.ipv4.tcp_rmem = 4096 131072 16777216\nvm.swappiness = 10\n");
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"sysctl --system"});
  expect_all_carried(site, fleet);
}

TEST(Backends, modprobe) {
  Facts rocky;
  rocky.os = "rocky";
  Site site;
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
            "options vfio-pci ids=10de:1b81,10de:10f0\nblacklist nouveau\nblacklist snd_hda_intel\nsoftdep nouveau pre: vfio-pci\n");
  EXPECT_EQ(body(fleet, "etc/modprobe.d/tunec.conf", 1), "options dm_mod create=\"a b\"\n");
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"update-initramfs -u"});
  EXPECT_EQ(steps(fleet, 1), std::vector<std::string>{"dracut -f"});
  expect_all_carried(site, fleet);
}

TEST(Backends, modules_load) {
  Site site;
  site.host("a").set(list_record("modules-load", "modules"), words({"tcp_bbr", "vfio-pci"}));
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/modules-load.d/tunec.conf"), "tcp_bbr\nvfio-pci\n");
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"systemctl restart systemd-modules-load"});
}

TEST(Backends, udev) {
  ParamInfo requests = record("udev", "queue/nr_requests", Type::integer);
  requests.order = 10;
  const ParamInfo scheduler = record("udev", "queue/scheduler");
  Site site;
  site.host("a").set(requests, {std::int64_t{256}}, {"sda"});
  for (const auto& [disks, word] : std::map<std::string, std::string>{
           {"nvme", "none"}, {"ssd", "mq-deadline"}, {"hdd", "bfq"}, {"virtio", "none"}, {"sda", "none"}}) {
    site.set(scheduler, symbol(word), {disks});
  }
  const RenderedFleet fleet = site.render();
  const std::string disk = R"(ACTION=="add|change", SUBSYSTEM=="block", ENV{DEVTYPE}=="disk", )";
  EXPECT_EQ(body(fleet, "etc/udev/rules.d/60-tunec.rules"),
            disk + R"(KERNEL=="sd[a-z]|sd[a-z][a-z]", ATTR{queue/rotational}=="1", ATTR{queue/scheduler}="bfq")" + "\n" +
            disk + R"(KERNEL=="nvme[0-9]*n[0-9]*", ATTR{queue/scheduler}="none")" + "\n" +
            disk + R"(KERNEL=="sd[a-z]|sd[a-z][a-z]", ATTR{queue/rotational}=="0", ATTR{queue/scheduler}="mq-deadline")" + "\n" +
            disk + R"(KERNEL=="vd[a-z]|vd[a-z][a-z]", ATTR{queue/scheduler}="none")" + "\n" +
            disk + R"(KERNEL=="sda", ATTR{queue/scheduler}="none")" + "\n" +
            disk + R"(KERNEL=="sda", ATTR{queue/nr_requests}="256")" + "\n");
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"udevadm control --reload && udevadm trigger --subsystem-match=block --action=change"});
  expect_all_carried(site, fleet);
}

TEST(Backends, qemu) {
  ParamInfo core = record("qemu", "max_core", Type::size);
  core.unit = "B";
  core.values = {{"unlimited", "unlimited", {}}};
  ParamInfo keepalive = record("qemu", "keepalive_interval", Type::duration);
  keepalive.unit = "s";
  keepalive.values = {{"off", "-1", {}}};
  ParamInfo features = record("qemu", "default_cpu_deprecated_features", Type::enumeration);
  features.values = {{"off", "off", {}}, {"on", "on", {}}};
  Site site;
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
  EXPECT_EQ(body(fleet, "etc/libvirt/qemu.conf", 1), "default_cpu_deprecated_features = \"off\"\nkeepalive_interval = -1\n");
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"systemctl restart libvirtd"});
  expect_all_carried(site, fleet);
}

ParamInfo seconds(std::string surface, std::string key) {
  ParamInfo param = record(std::move(surface), std::move(key), Type::duration);
  param.unit = "s";
  return param;
}

// 32 bytes that begin with a letter of one's choice, in base64.
std::string key_of(char letter) { return std::string(1, letter) + std::string(42, 'A') + "="; }

void add_member(Site& site, const std::string& address, char key) {
  site.set(list_record("wireguard", "Interface.Address", ", "), words({address}), {"wg0"})
      .set(record("wireguard", "mesh"), symbol("vmnet"), {"wg0"})
      .set(record("wireguard", "PrivateKeyFile"), {std::string("/etc/wireguard/%i.key")}, {"wg0"})
      .set(record("wireguard", "Peer.PublicKey"), {key_of(key)}, {"wg0"});
}

TEST(Backends, wireguard) {
  Site site;
  site.host("kvm-01");
  add_member(site, "10.8.0.1/24", 'B');
  site.set(record("wireguard", "Interface.ListenPort", Type::integer), {std::int64_t{51820}}, {"wg0"})
      .set(record("wireguard", "Interface.PostUp"), {std::string("true")}, {"wg0"})
      .set(record("wireguard", "txqueuelen", Type::integer), {std::int64_t{2000}}, {"wg0"})
      .set(record("wireguard", "Peer.Endpoint"), {std::string("192.0.2.1:51820")}, {"wg0"})
      .set(list_record("wireguard", "Peer.AllowedIPs", ", "), words({"10.8.0.1/32", "172.16.0.0/24"}), {"wg0"})
      .set(record("wireguard", "Peer.PublicKey"), {key_of('F')}, {"wg0", "office"})
      .set(record("wireguard", "Peer.PresharedKeyFile"), {std::string("/etc/wireguard/office.psk")}, {"wg0", "office"})
      .set(list_record("wireguard", "Peer.AllowedIPs", ", "), words({"10.9.0.0/24", "10.10.0.0/24"}), {"wg0", "office"});
  site.host("kvm-02");
  add_member(site, "fd00::2/64", 'C');
  site.set(seconds("wireguard", "Peer.PersistentKeepalive"), {Duration{25'000'000'000}}, {"wg0"});
  site.host("kvm-03");
  add_member(site, "10.8.0.3/24", 'D');
  const RenderedFleet fleet = site.render();
  const std::string path = "etc/wireguard/wg0.conf";
  EXPECT_EQ(body(fleet, path),
            "[Interface]\nAddress = 10.8.0.1/24\nListenPort = 51820\nPostUp = wg set %i private-key /etc/wireguard/%i.key\n"
            "PostUp = wg set %i peer " "'" + key_of('F') + "' preshared-key /etc/wireguard/office.psk\n"
            "# to peers: AllowedIPs = 10.8.0.1/32, 172.16.0.0/24\n# to peers: Endpoint = 192.0.2.1:51820\n"
            "# to peers: PublicKey = " + key_of('B') + "\n# mesh vmnet\nPostUp = ip link set %i txqueuelen 2000\nPostUp = true\n"
            "\n[Peer]\n# office\nAllowedIPs = 10.9.0.0/24, 10.10.0.0/24\nPublicKey = " + key_of('F') + "\n"
            "\n[Peer]\n# kvm-02\nPublicKey = " + key_of('C') + "\nAllowedIPs = fd00::2/128\nPersistentKeepalive = 25\n"
            "\n[Peer]\n# kvm-03\nPublicKey = " + key_of('D') + "\nAllowedIPs = 10.8.0.3/32\n");
  const std::string second = body(fleet, path, 1);
  EXPECT_EQ(second.substr(second.find("[Peer]")),
            "[Peer]\n# kvm-01\nPublicKey = " + key_of('B') + "\nEndpoint = 192.0.2.1:51820\nAllowedIPs = 10.8.0.1/32, 172.16.0.0/24\n"
            "PersistentKeepalive = 25\n\n[Peer]\n# kvm-03\nPublicKey = " + key_of('D') + "\nAllowedIPs = 10.8.0.3/32\nPersistentKeepalive = 25\n");
  EXPECT_EQ(find(fleet.hosts[0].artifacts, path)->mode, 0600U);
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"systemctl enable wg-quick@wg0 && systemctl restart wg-quick@wg0"});
  expect_all_carried(site, fleet);
}

TEST(Backends, formation) {
  ParamInfo ratio = record("formation", "resource_pools[name].allow_overcommit_ratio", Type::ratio);
  ratio.values = {{"off", "1", {}}};
  ParamInfo memory = record("formation", "instance_types[name].memory_range_mb", Type::range);
  memory.unit = "MiB";
  ParamInfo size = record("formation", "instance_types[name].default_memory_mb", Type::size);
  size.unit = "MiB";
  ParamInfo vcpus = record("formation", "instance_types[name].vcpu_range", Type::range);
  ParamInfo hours = record("formation", "pricing.volume_discount_thresholds[].hours", Type::duration);
  hours.unit = "h";
  Site site;
  site.host("a")
      .set(record("formation", "general.contact_email"), {std::string("a@b.example")})
      .set(record("formation", "vm.device_passthrough.usb", Type::boolean), {false})
      .set(record("formation", "resource_pools[name].is_default", Type::boolean), {true}, {"general"})
      .set(ratio, symbol("off"), {"general"})
      .set(ratio, {Ratio{1.5}}, {"batch"})
      .set(size, {Bytes{std::int64_t{1} << 30}}, {"small"})
      .set(vcpus, range_of({std::int64_t{1}}, {std::int64_t{4}}), {"small"})
      .set(record("formation", "instance_types[name].disk_range_gb", Type::range), range_of({std::int64_t{10}}, {std::int64_t{20}}), {"small"})
      .set(record("formation", "instance_types[name].default_disk_gb", Type::integer), {std::int64_t{10}}, {"small"})
      .set(record("formation", "instance_types[name].default_vcpus", Type::integer), {std::int64_t{1}}, {"small"})
      .set(memory, range_of({Bytes{std::int64_t{1} << 30}}, {Bytes{std::int64_t{4} << 30}}), {"small"})
      .set(hours, {Duration{std::int64_t{4320} * 3'600'000'000'000}}, {"10"})
      .set(hours, {Duration{std::int64_t{720} * 3'600'000'000'000}}, {"2"})
      .set(record("formation", "pricing.volume_discount_thresholds[].discount_percentage", Type::percent), {Percent{10}}, {"2"})
      .set(record("formation", "pricing.volume_discount_thresholds[].discount_percentage", Type::percent), {Percent{12.5}}, {"10"})
      .set(record("formation", "advanced.environment_variables.{}"), {std::string("a \"b\"")}, {"A.B"});
  for (const char* pool : {"general", "batch"}) {
    for (const char* key : {"cpus", "disk_gb", "memory_mb"}) {
      site.set(record("formation", std::string("resource_pools[name].") + key, Type::integer), {std::int64_t{4096}}, {pool});
    }
  }
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/formation/form-config.json"), R"({
  "advanced": {
    "environment_variables": {
      "A.B": "a \"b\""
    }
  },
  "general": {
    "contact_email": "a@b.example"
  },
  "instance_types": [
    {
      "name": "small",
      "default_disk_gb": 10,
      "default_memory_mb": 1024,
      "default_vcpus": 1,
      "disk_range_gb": [10, 20],
      "memory_range_mb": [1024, 4096],
      "vcpu_range": [1, 4]
    }
  ],
  "pricing": {
    "volume_discount_thresholds": [
      {
        "discount_percentage": 10,
        "hours": 720
      },
      {
        "discount_percentage": 12.5,
        "hours": 4320
      }
    ]
  },
  "resource_pools": [
    {
      "name": "batch",
      "allow_overcommit_ratio": 1.5,
      "cpus": 4096,
      "disk_gb": 4096,
      "memory_mb": 4096
    },
    {
      "name": "general",
      "allow_overcommit_ratio": 1,
      "cpus": 4096,
      "disk_gb": 4096,
      "is_default": true,
      "memory_mb": 4096
    }
  ],
  "vm": {
    "device_passthrough": {
      "usb": false
    }
  }
}
)");
  EXPECT_TRUE(nlohmann::json::accept(body(fleet, "etc/formation/form-config.json")));
  expect_all_carried(site, fleet);
}

TEST(Backends, tmpfiles) {
  Site site;
  site.host("a")
      .set(record("sysfs", "kernel/mm/ksm/run", Type::integer), {std::int64_t{1}})
      .set(record("sysfs", "devices/system/cpu/cpu*/cpufreq/scaling_governor"), symbol("performance"))
      .set(record("sysfs", "bus/pci/drivers/vfio-pci/new_id"), {std::string("10de 2206")})
      .set(record("sysfs", "x/odd name"), {std::string(" 5% \\ -")});
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/tmpfiles.d/tunec.conf"),
            "w /sys/bus/pci/drivers/vfio-pci/new_id - - - - 10de 2206\n"
            "w /sys/devices/system/cpu/cpu*/cpufreq/scaling_governor - - - - performance\n"
            "w /sys/kernel/mm/ksm/run - - - - 1\nw \"/sys/x/odd name\" - - - - \\x205%% \\\\ -\n");
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"systemd-tmpfiles --create /etc/tmpfiles.d/tunec.conf"});
}

TEST(Backends, mounts) {
  const std::string where = "/var/lib/vm-store";
  Site site;
  site.host("a")
      .set(record("mount", "Mount.What"), {std::string("LABEL=vms")}, {where})
      .set(record("mount", "Mount.Type"), {std::string("xfs")}, {where})
      .set(list_record("mount", "Mount.Options", ","), words({"noatime", "nofail"}), {where})
      .set(record("mount", "Unit.Description"), {std::string("100% VMs")}, {where})
      .set(list_record("mount", "Install.WantedBy"), words({"local-fs.target"}), {where});
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/systemd/system/var-lib-vm\\x2dstore.mount"),
            "[Unit]\nDescription=100%% VMs\n[Mount]\nWhere=/var/lib/vm-store\nOptions=noatime,nofail\nType=xfs\nWhat=LABEL=vms\n"
            "[Install]\nWantedBy=local-fs.target\n");
  EXPECT_EQ(steps(fleet), (std::vector<std::string>{"systemctl daemon-reload", "systemctl enable --now 'var-lib-vm\\x2dstore.mount'"}));
  expect_all_carried(site, fleet);
}

TEST(Backends, units) {
  Site site;
  const auto strings = [](std::vector<std::string> texts) {
    std::vector<Value> items;
    for (std::string& text : texts) items.push_back({std::move(text)});
    return list_of(std::move(items));
  };
  const std::string unit = "vm-exporter.service";
  site.host("a")
      .set(list_record("unit", "Service.ExecStart", " ; "), strings({"/bin/true --uri \"qemu:///system\""}), {unit})
      .set(list_record("unit", "Service.Environment"), strings({"A=1", "B=two words"}), {unit})
      .set(list_record("unit", "Unit.After"), words({"network.target", "local-fs.target"}), {unit})
      .set(list_record("unit", "Install.WantedBy"), words({"multi-user.target"}), {unit})
      .set(record("dropin", "Slice.AllowedCPUs", Type::cpuset), cpus("0-1"), {"user.slice"})
      .set(record("dropin", "Timer.OnCalendar"), {std::string("daily")}, {"fstrim.timer"})
      .set(record("dropin", "Timer.RandomizedDelaySec", Type::integer), {std::int64_t{60}}, {"fstrim.timer"});
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/systemd/system/vm-exporter.service"),
            "[Unit]\nAfter=network.target local-fs.target\n[Service]\nEnvironment=A=1 \"B=two words\"\n"
            "ExecStart=/bin/true --uri \"qemu:///system\"\n[Install]\nWantedBy=multi-user.target\n");
  EXPECT_EQ(body(fleet, "etc/systemd/system/user.slice.d/60-tunec.conf"), "[Slice]\nAllowedCPUs=0-1\n");
  EXPECT_EQ(body(fleet, "etc/systemd/system/fstrim.timer.d/60-tunec.conf"), "[Timer]\nOnCalendar=\nOnCalendar=daily\nRandomizedDelaySec=60\n");
  EXPECT_EQ(steps(fleet), (std::vector<std::string>{"systemctl daemon-reload", "systemctl enable --now vm-exporter.service",
                                                    "systemctl try-restart fstrim.timer", "systemctl try-restart vm-exporter.service"}));
  expect_all_carried(site, fleet);
}

TEST(Backends, cpufrequtils) {
  Site site;
  site.host("a").set(record("cpufrequtils", "GOVERNOR"), symbol("performance"));
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "etc/default/cpufrequtils"), "ENABLE=\"true\"\nGOVERNOR=\"performance\"\n");
  EXPECT_EQ(steps(fleet), std::vector<std::string>{"systemctl restart cpufrequtils"});
}

TEST(Backends, prometheus) {
  Site site;
  const auto alert = [&site](const std::string& name, const std::string& expr) {
    site.set(record("prometheus", "alert.expr"), {expr}, {name})
        .set(seconds("prometheus", "alert.for"), {Duration{600'000'000'000}}, {name})
        .set(record("prometheus", "alert.severity"), symbol("warning"), {name})
        .set(record("prometheus", "alert.summary"), {std::string("{{ $labels.host }}: \"slow\"")}, {name});
  };
  const ParamInfo exporter = record("prometheus", "exporter", Type::integer);
  site.host("kvm-01.example").set(exporter, {std::int64_t{9100}}, {"node"});
  alert("Steal", "avg by (host) (steal) > 0.05");
  alert("Swap", "swap > 1");
  site.host("kvm-02").set(exporter, {std::int64_t{9177}}, {"libvirt"}).set(exporter, {std::int64_t{9100}}, {"node"});
  site.set(record("prometheus", "exporter.path"), {std::string("/m")}, {"libvirt"});
  alert("Steal", "avg by (host) (steal) > 0.05");
  alert("Swap", "swap > 2");
  const RenderedFleet fleet = site.render();
  EXPECT_EQ(body(fleet, "site/prometheus/targets.json", of_site), R"([
  {"targets": ["kvm-02:9177"], "labels": {"job":"libvirt","host":"kvm-02","__metrics_path__":"/m"}},
  {"targets": ["kvm-01.example:9100"], "labels": {"job":"node","host":"kvm-01.example"}},
  {"targets": ["kvm-02:9100"], "labels": {"job":"node","host":"kvm-02"}}
]
)");
  EXPECT_EQ(body(fleet, "site/prometheus/rules.yml", of_site), R"yml(groups:
  - name: tunec
    rules:
      - alert: "Steal"
        expr: "avg by (host) (steal) > 0.05"
        for: 600s
        labels:
          severity: "warning"
        annotations:
          summary: "{{ $labels.host }}: \"slow\""
      - alert: "Swap"
        expr: "(swap > 1) and on (host) up{host=~\"kvm-01[.]example\"}"
        for: 600s
        labels:
          severity: "warning"
          variant: "kvm-01.example"
        annotations:
          summary: "{{ $labels.host }}: \"slow\""
      - alert: "Swap"
        expr: "(swap > 2) and on (host) up{host=~\"kvm-02\"}"
        for: 600s
        labels:
          severity: "warning"
          variant: "kvm-02"
        annotations:
          summary: "{{ $labels.host }}: \"slow\""
)yml");
  expect_all_carried(site, fleet);
}

TEST(Backends, share_the_surfaces_out_among_them) {
  std::map<std::string, int> writers;
  for (const Backend* backend : all_backends()) {
    EXPECT_TRUE((backend->emit == nullptr) != (backend->emit_fleet == nullptr)) << backend->name;
    EXPECT_FALSE(backend->summary.empty()) << backend->name;
    for (const std::string_view surface : backend->surfaces) writers[std::string(surface)] += backend->on_by_default ? 1 : 0;
  }
  for (const auto& [surface, count] : writers) EXPECT_EQ(count, 1) << surface;
  // By text and not by the loader, which would make this a test of it too.
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator("../stdlib/params")) {
    std::ifstream in(entry.path());
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    constexpr std::string_view key = "surface: ";
    for (std::size_t at = text.find(key); at != text.npos; at = text.find(key, at + 1)) {
      const std::size_t begin = at + key.size();
      const std::string surface = text.substr(begin, text.find_first_of(" ,}\n", begin) - begin);
      EXPECT_TRUE(writers.contains(surface)) << entry.path() << ": " << surface;
    }
    ++files;
  }
  EXPECT_GT(files, 5);
}

TEST(Backends, come_by_name_and_write_nothing_for_nothing) {
  EXPECT_TRUE(std::ranges::is_sorted(all_backends(), {}, [](const Backend* backend) { return backend->name; }));
  Site site;
  site.host("a");
  const RenderedFleet fleet = site.render();
  EXPECT_TRUE(fleet.hosts[0].artifacts.empty());
  EXPECT_TRUE(fleet.hosts[0].steps->empty());
  EXPECT_TRUE(fleet.site.empty());
}

}  // namespace
}  // namespace tunec
