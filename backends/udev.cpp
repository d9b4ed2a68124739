// Rules of udev. Attributes of disks, which a disk gets whenever it appears, even if its name has changed.
// And owner, group and mode of nodes below /dev. Each setting of a disk is one rule, so that a change of one
// setting changes one line.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "render/backend.h"
#include "render/instances.h"
#include "render/quote.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"udev", "devnode"};

struct DiskClass {
  std::string_view name, match;
};
// For a map of the device mapper, the prefix of its UUID shows what it is. Its number shows only when it was
// activated.
constexpr DiskClass classes[] = {
    {"nvme", R"(KERNEL=="nvme[0-9]*n[0-9]*")"},
    {"ssd", R"(KERNEL=="sd[a-z]|sd[a-z][a-z]", ATTR{queue/rotational}=="0")"},
    {"hdd", R"(KERNEL=="sd[a-z]|sd[a-z][a-z]", ATTR{queue/rotational}=="1")"},
    {"virtio", R"(KERNEL=="vd[a-z]|vd[a-z][a-z]")"},
    {"mmc", R"(KERNEL=="mmcblk[0-9]|mmcblk[0-9][0-9]")"},
    {"removable", R"(ATTR{removable}=="1")"},
    {"multipath", R"(KERNEL=="dm-[0-9]*", ENV{DM_UUID}=="mpath-?*")"},
    {"lvm", R"(KERNEL=="dm-[0-9]*", ENV{DM_UUID}=="LVM-?*")"},
    {"crypt", R"(KERNEL=="dm-[0-9]*", ENV{DM_UUID}=="CRYPT-?*")"},
    {"md", R"(KERNEL=="md[0-9]*|md_*")"},
};
// Selects a map by its own name, as below /dev/mapper.
constexpr std::string_view mapper = "mapper/";

std::string_view instance_of(const Setting& setting) {
  return setting.instances.empty() ? "*" : std::string_view(setting.instances[0]);
}

const DiskClass* class_of(const Setting& setting) {
  const auto* found = std::ranges::find(classes, instance_of(setting), &DiskClass::name);
  return found == std::end(classes) ? nullptr : found;
}

std::string match(const Setting& setting) {
  const std::string_view disk = instance_of(setting);
  if (const DiskClass* disks = class_of(setting)) return std::string(disks->match);
  if (disk.starts_with(mapper))
    return fmt::format(R"(KERNEL=="dm-[0-9]*", ENV{{DM_NAME}}=={})", quote_udev(disk.substr(mapper.size())));
  return fmt::format("KERNEL=={}", quote_udev(disk));
}

void write_disks(Settings settings, Output& out) {
  if (settings.empty()) return;
  // Later rules win, so within one `order` a disk's own rules come after those of its class.
  std::ranges::stable_sort(settings, {}, [](const Setting* setting) {
    return std::pair(setting->param->order, class_of(*setting) == nullptr);
  });
  File& file = out.file("etc/udev/rules.d/60-tunec.rules");
  file.plain(fmt::format("# {}", written_by));
  for (const Setting* setting : settings) {
    file.line(*setting,
              R"(ACTION=="add|change", SUBSYSTEM=="block", ENV{{DEVTYPE}}=="disk", {}, ATTR{{{}}}={})",
              match(*setting), setting->key, quote_udev(spell(*setting)));
  }
  out.step(Effect::reload,
           "udevadm control --reload && udevadm trigger --subsystem-match=block --action=change",
           "applies the rules to the disks that are there", {.makes = Ready::udev_rules});
}

// udev knows vfio/12 as the device 12 of the subsystem vfio. A name that a rule gives has no folder.
std::string match_node(std::string_view node, const Settings& settings) {
  const std::size_t slash = node.rfind('/');
  std::string text;
  const bool says_subsystem = find_key(settings, "SUBSYSTEM") != nullptr;
  if (slash != std::string_view::npos && !says_subsystem)
    text = fmt::format("SUBSYSTEM=={}, ", quote_udev(node.substr(0, slash)));
  if (const Setting* subsystem = find_key(settings, "SUBSYSTEM"))
    text = fmt::format("SUBSYSTEM=={}, ", quote_udev(spell(*subsystem)));
  const std::string_view name = slash == std::string_view::npos ? node : node.substr(slash + 1);
  return text + fmt::format("KERNEL=={}", quote_udev(name));
}

void write_nodes(const Settings& all, Output& out) {
  if (all.empty()) return;
  File& file = out.file("etc/udev/rules.d/70-tunec-nodes.rules");
  file.plain(fmt::format("# {}", written_by));
  for (const auto& [node, settings] : by_instance(all)) {
    std::string rule = match_node(node, settings);
    for (const Setting* setting : settings) {
      if (setting->key != "SUBSYSTEM")
        rule += fmt::format(", {}={}", setting->key, quote_udev(spell(*setting)));
    }
    file.joined(settings, rule);
  }
  out.step(Effect::reload, "udevadm control --reload && udevadm trigger --action=change",
           "applies the rules to the nodes that are there", {.makes = Ready::udev_rules});
}

void emit(const HostView& host, Output& out) {
  Settings of_disks, of_nodes;
  for (const Setting* setting : host.settings)
    (setting->surface == "devnode" ? of_nodes : of_disks).push_back(setting);
  write_disks(std::move(of_disks), out);
  write_nodes(of_nodes, out);
}

}  // namespace

extern const Backend backend_udev{
    .name = "udev",
    .summary = "schedulers and queues of disks, by class or name; nodes below /dev",
    .surfaces = surfaces,
    .emit = emit,
};

}  // namespace tunec
