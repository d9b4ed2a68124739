// Rules of udev. Attributes of disks, which a disk gets whenever it appears, even if its name has changed.
// And owner, group and mode of nodes below /dev. Each setting of a disk is one rule, so that a change of one
// setting changes one line.
#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "render/backend.h"
#include "render/instances.h"
#include "render/quote.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"udev", "devnode"};

// `names` are patterns of the kernel's names; `attribute` and `property` narrow them. What a rule matches,
// what udevadm triggers, and where a value is read back are made of these.
struct DiskClass {
  std::string_view name;
  std::vector<std::string_view> names;   // none: any
  std::string_view attribute, property;  // "queue/rotational=0", "DM_UUID=mpath-?*"
};
// For a map of the device mapper, the prefix of its UUID shows what it is. Its number shows only when it was
// activated.
const DiskClass classes[] = {
    {"nvme", {"nvme[0-9]*n[0-9]*"}, "", ""},
    {"ssd", {"sd[a-z]", "sd[a-z][a-z]"}, "queue/rotational=0", ""},
    {"hdd", {"sd[a-z]", "sd[a-z][a-z]"}, "queue/rotational=1", ""},
    {"virtio", {"vd[a-z]", "vd[a-z][a-z]"}, "", ""},
    {"mmc", {"mmcblk[0-9]", "mmcblk[0-9][0-9]"}, "", ""},
    {"removable", {}, "removable=1", ""},
    {"multipath", {"dm-[0-9]*"}, "", "DM_UUID=mpath-?*"},
    {"lvm", {"dm-[0-9]*"}, "", "DM_UUID=LVM-?*"},
    {"crypt", {"dm-[0-9]*"}, "", "DM_UUID=CRYPT-?*"},
    {"md", {"md[0-9]*", "md_*"}, "", ""},
};
// Selects a map by its own name, as below /dev/mapper.
constexpr std::string_view mapper = "mapper/";

std::string_view instance_of(const Setting& setting) {
  return setting.instances.empty() ? "*" : std::string_view(setting.instances[0]);
}

// The disks that a setting is for; of a single one, its name alone.
DiskClass disks_of(const Setting& setting) {
  const std::string_view disk = instance_of(setting);
  const auto* found = std::ranges::find(classes, disk, &DiskClass::name);
  if (found != std::end(classes)) return *found;
  if (disk.starts_with(mapper)) return {"", {"dm-[0-9]*"}, "", ""};
  return {"", {disk}, "", ""};
}
bool is_of_class(const Setting& setting) { return !disks_of(setting).name.empty(); }

std::string match(const Setting& setting) {
  const DiskClass disks = disks_of(setting);
  const std::string_view disk = instance_of(setting);
  std::vector<std::string> parts;
  const auto pair = [](std::string_view text) {
    const std::size_t equals = text.find('=');
    return std::pair(text.substr(0, equals), text.substr(equals + 1));
  };
  if (!disks.names.empty())
    parts.push_back("KERNEL==" + quote_udev(fmt::format("{}", fmt::join(disks.names, "|"))));
  if (!disks.attribute.empty()) {
    const auto [name, value] = pair(disks.attribute);
    parts.push_back(fmt::format("ATTR{{{}}}=={}", name, quote_udev(value)));
  }
  if (!disks.property.empty()) {
    const auto [name, value] = pair(disks.property);
    parts.push_back(fmt::format("ENV{{{}}}=={}", name, quote_udev(value)));
  }
  if (disk.starts_with(mapper))
    parts.push_back(fmt::format("ENV{{DM_NAME}}=={}", quote_udev(disk.substr(mapper.size()))));
  return fmt::format("{}", fmt::join(parts, ", "));
}

// udevadm joins what narrows by name with "or", and names with attributes with "and". A bare trigger would
// replay the rules of every disk, and some of those do more than to set an attribute.
std::string trigger(const Setting& setting) {
  const DiskClass disks = disks_of(setting);
  std::string command = "udevadm trigger --action=change --subsystem-match=block";
  for (const std::string_view name : disks.names) command += " --sysname-match=" + quote_shell_word(name);
  if (!disks.attribute.empty()) command += " --attr-match=" + quote_shell_word(disks.attribute);
  const std::string_view disk = instance_of(setting);
  if (disk.starts_with(mapper))
    command += " --property-match=" + quote_shell_word(fmt::format("DM_NAME={}", disk.substr(mapper.size())));
  else
    command += " --property-match=" +
               quote_shell_word(disks.property.empty() ? "DEVTYPE=disk" : disks.property);
  return command;
}

// Several names that differ in their ends are those of one beginning: sd*.
std::string read_path(const Setting& setting) {
  const DiskClass disks = disks_of(setting);
  std::string name = "*";
  if (disks.names.size() == 1) name = disks.names.front();
  else if (!disks.names.empty())
    name = fmt::format("{}*", disks.names.front().substr(0, disks.names.front().find('[')));
  return fmt::format("/sys/block/{}/{}", name, setting.key);
}

// The device mapper shows in folders of its own what udev has as properties.
std::string read_where(const Setting& setting) {
  const std::string_view disk = instance_of(setting);
  if (disk.starts_with(mapper)) return fmt::format("dm/name={}", disk.substr(mapper.size()));
  const DiskClass disks = disks_of(setting);
  if (disks.property.starts_with("DM_UUID=")) return fmt::format("dm/uuid={}", disks.property.substr(8));
  return std::string(disks.attribute);
}

const ReadBack reads[] = {
    {"udev", read_path, [](const Setting& setting) { return spell(setting); }, {}, read_where}};

void write_disks(Settings settings, Output& out) {
  if (settings.empty()) return;
  // Later rules win, so within one `order` a disk's own rules come after those of its class.
  std::ranges::stable_sort(settings, {}, [](const Setting* setting) {
    return std::pair(setting->param->order, !is_of_class(*setting));
  });
  File& file = out.file("etc/udev/rules.d/60-tunec.rules");
  file.plain(fmt::format("# {}", written_by));
  for (const Setting* setting : settings) {
    file.line(*setting,
              R"(ACTION=="add|change", SUBSYSTEM=="block", ENV{{DEVTYPE}}=="disk", {}, ATTR{{{}}}={})",
              match(*setting), setting->key, quote_udev(spell(*setting)));
  }
  std::set<std::string> triggers;
  for (const Setting* setting : settings) triggers.insert(trigger(*setting));
  out.step(Effect::reload, fmt::format("udevadm control --reload && {}", fmt::join(triggers, " && ")),
           "applies the rules to the disks that are there", {.makes = Ready::udev_rules});
}

// udev knows vfio/12 as the device 12 of the subsystem vfio. A name that a rule gives has no folder.
struct Node {
  std::string subsystem, name;  // subsystem: empty if nobody says it
};
Node node_of(std::string_view node, const Settings& settings) {
  const std::size_t slash = node.rfind('/');
  const bool has_folder = slash != std::string_view::npos;
  const Setting* subsystem = find_key(settings, "SUBSYSTEM");
  return {subsystem != nullptr ? spell(*subsystem) : std::string(has_folder ? node.substr(0, slash) : ""),
          std::string(has_folder ? node.substr(slash + 1) : node)};
}

void write_nodes(const Settings& all, Output& out) {
  if (all.empty()) return;
  File& file = out.file("etc/udev/rules.d/70-tunec-nodes.rules");
  file.plain(fmt::format("# {}", written_by));
  std::string command = "udevadm control --reload";
  for (const auto& [instance, settings] : by_instance(all)) {
    const Node node = node_of(instance, settings);
    std::string rule, trigger = " && udevadm trigger --action=change";
    if (!node.subsystem.empty()) {
      rule = fmt::format("SUBSYSTEM=={}, ", quote_udev(node.subsystem));
      trigger += " --subsystem-match=" + quote_shell_word(node.subsystem);
    }
    rule += fmt::format("KERNEL=={}", quote_udev(node.name));
    for (const Setting* setting : settings) {
      if (setting->key != "SUBSYSTEM")
        rule += fmt::format(", {}={}", setting->key, quote_udev(spell(*setting)));
    }
    file.joined(settings, rule);
    command += trigger + " --sysname-match=" + quote_shell_word(node.name);
  }
  out.step(Effect::reload, command, "applies the rules to the nodes that are there",
           {.makes = Ready::udev_rules});
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
    .reads = reads,
    .emit = emit,
};

}  // namespace tunec
