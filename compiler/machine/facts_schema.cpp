#include "machine/facts_schema.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <set>
#include <span>

#include <fmt/ranges.h>

#include "base/suggest.h"
#include "machine/map_reader.h"
#include "machine/topology.h"

namespace tunec {
namespace {

constexpr std::string_view label_keys[] = {"rack", "labels"};
// The names with which facts begin, besides those of the platform. Blocks add to lists.
constexpr std::string_view machine_keys[] = {"cpu",  "memory", "nodes", "disks",
                                             "nics", "gpus",   "pci",   "interrupt_remapping"};
constexpr std::string_view machine_blocks[] = {"cpu", "disk", "nic",    "gpu",
                                               "pci", "node", "labels", "config"};
constexpr std::string_view platform_keys[] = {"os",   "kernel", "libvirt",     "systemd",   "grub",
                                              "qemu", "config", "boot_loader", "initramfs", "builtin"};

// The NUMA node of a device; -1 if it is unknown, as in sysfs.
int read_node(MapReader& reader, const Facts& facts) {
  constexpr std::int64_t max_nodes = 1024;  // CONFIG_NODES_SHIFT=10
  const std::int64_t number = reader.take<std::int64_t>("node", "a NUMA node's number").value_or(-1);
  const std::int64_t nodes = facts.nodes.empty() ? max_nodes : static_cast<std::int64_t>(facts.nodes.size());
  if (number >= -1 && number < nodes) return static_cast<int>(number);
  reader.bad(reader.place("node"), fmt::format("there is no NUMA node {}: {} has {}", number,
                                               facts.nodes.empty() ? "no machine" : "the machine", nodes));
  return -1;
}

std::optional<std::vector<Word>> read_addresses(MapReader& reader) {
  const std::vector<RawFactsPtr>& items = reader.list("addresses");
  if (!reader.states("addresses")) return std::nullopt;
  std::vector<Word> addresses;
  for (const RawFactsPtr& item : items) {
    const bool scalar = item->kind == RawFacts::Kind::scalar;
    const Value value = scalar ? MapReader::unquoted(item->value) : Value{};
    const Word* word = value.get_if<Word>();
    if (word != nullptr && (word->kind == WordKind::address || word->kind == WordKind::prefix))
      addresses.push_back(*word);
    else
      reader.bad(item->span, fmt::format("an address is one such as 10.0.0.1 or 10.0.0.1/24, not {}",
                                         scalar ? to_source(item->value) : "a list or map"));
  }
  return addresses;
}

// Each device has its own name or address.
class Names {
 public:
  explicit Names(std::string_view kind) : kind_(kind) {}
  void add(const std::string& name, Span where, MapReader& reader) {
    if (!name.empty() && !names_.insert(name).second)
      reader.bad(where, fmt::format("there are two {} `{}`", kind_, name));
  }

 private:
  std::string_view kind_;
  std::set<std::string> names_;
};

void read_disks(MapReader& facts_reader, Facts& facts, Reporter& reporter) {
  Names names("disks");
  for (const RawFactsPtr& tree : facts_reader.list("disks")) {
    MapReader reader(*tree, "a disk", reporter);
    Disk disk{reader.text("name"), reader.text("kind"), reader.bytes("size"), read_node(reader, facts)};
    const auto kinds = words_of_fact("disk_kinds");
    if (std::ranges::find(kinds, disk.kind) == kinds.end())
      reader.bad(tree->span, fmt::format("a disk's `kind` is one of {}", fmt::join(kinds, ", ")));
    names.add(disk.name, tree->span, reader);
    facts.disks.push_back(std::move(disk));
  }
}

void read_nics(MapReader& facts_reader, Facts& facts, Reporter& reporter) {
  Names names("network cards");
  for (const RawFactsPtr& tree : facts_reader.list("nics")) {
    MapReader reader(*tree, "a network card", reporter);
    Nic nic;
    nic.name = reader.text("name");
    if (const auto speed = reader.take<Bandwidth>("speed", "a bandwidth such as 10Gbps"))
      nic.speed = speed->bits_per_second;
    if (reader.states("speed") && nic.speed < 0)
      reader.bad(reader.place("speed"), "`speed` is a bandwidth such as 10Gbps, not less than nothing");
    nic.mtu = reader.count("mtu", 1500, 65535);
    nic.node = read_node(reader, facts);
    nic.addresses = read_addresses(reader);
    names.add(nic.name, tree->span, reader);
    facts.nics.push_back(std::move(nic));
  }
}

// Whether it is a bridge: by its class, as in lspci -n, or by the driver that all bridges with a driver have.
bool is_bridge(std::string_view device_class, std::string_view driver) {
  constexpr std::string_view class_of_bridges = "06", driver_of_bridges = "pcieport";
  if (device_class.starts_with("0x")) device_class.remove_prefix(2);
  return device_class.starts_with(class_of_bridges) || driver == driver_of_bridges;
}

void read_pci(MapReader& facts_reader, Facts& facts, const Platform& platform, Reporter& reporter) {
  Names addresses("devices at");
  for (const std::string_view kind : {"gpus", "pci"}) {
    for (const RawFactsPtr& tree : facts_reader.list(kind)) {
      MapReader reader(*tree, "a PCI device", reporter);
      PciDevice device;
      device.address = reader.text("address");
      device.id = reader.text("id");
      device.name = reader.text("name");
      device.node = read_node(reader, facts);
      device.gpu = kind == "gpus";
      device.driver = reader.text("driver");
      if (!device.driver.empty()) device.module = platform.module_of_driver(device.driver);
      device.bridge = is_bridge(reader.text("class"), device.driver);
      const std::int64_t group = reader.take<std::int64_t>("group", "an IOMMU group's number").value_or(-1);
      if (group < -1 || group > std::numeric_limits<int>::max())
        reader.bad(reader.place("group"), fmt::format("an IOMMU group's number is 0 or more, not {}", group));
      else device.group = static_cast<int>(group);
      const Value id = scalar_from_text(device.id), address = scalar_from_text(device.address);
      if (id.is<Word>()) device.id = id.as<Word>().text;
      if (address.is<Word>()) device.address = address.as<Word>().text;
      const auto is = [](const Value& value, WordKind kind_) {
        return value.is<Word>() && value.as<Word>().kind == kind_;
      };
      // A value that could not be read was reported at its place
      const auto is_reported = [&](std::string_view key) {
        const RawFacts* stated = tree->find(key);
        return stated != nullptr && stated->value.poisoned() && stated->kind == RawFacts::Kind::scalar;
      };
      if (!is_reported("id") && (!is(id, WordKind::pci_id) || std::ranges::count(device.id, ':') != 1))
        reader.bad(tree->span, fmt::format("a device's `id` is vendor:device such as 10de:2206, not {}",
                                           device.id.empty() ? "nothing" : device.id));
      if (!is_reported("address") && !is(address, WordKind::pci_address))
        reader.bad(tree->span, fmt::format("a device's `address` is one such as 0000:65:00.0, not {}",
                                           device.address.empty() ? "nothing" : device.address));
      addresses.add(device.address, tree->span, reader);
      facts.pci.push_back(std::move(device));
    }
  }
}

// A word that is valid for the system; empty if none is given.
std::string read_word(MapReader& reader, std::string_view key, const std::vector<std::string>& words,
                      const std::string& os) {
  std::string word = reader.text(key);
  if (word.empty() || std::ranges::find(words, word) != words.end()) return word;
  const auto near = nearest(word, std::vector<std::string_view>(words.begin(), words.end()));
  reader.bad(reader.place(key),
             fmt::format("`{}` is {}{}{}, not {}{}", key, words.size() > 1 ? "one of " : "",
                         fmt::join(words, ", "), os.empty() ? "" : " on " + os, word,
                         near ? fmt::format(": did you mean {}?", near->name) : ""));
  return {};
}

// `Debian GNU/Linux 12 (bookworm)` and `Ubuntu 24.04.1 LTS`, as /etc/os-release has it, are near
// `debian 12` and `ubuntu 24.04`: the name and the first number decide.
std::optional<Near> platform_meant(const std::string& os, const std::vector<std::string>& names) {
  std::string lower;
  for (const char c : os) lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::size_t digits = lower.find_first_of("0123456789");
  const std::string name = lower.substr(0, lower.find_first_of(" -"));
  if (digits != std::string::npos) {
    std::string release = lower.substr(digits, lower.find_first_not_of("0123456789.", digits) - digits);
    for (; !release.empty(); release.resize(std::min(release.rfind('.'), release.size()))) {
      if (std::ranges::find(names, name + " " + release) != names.end())
        return Near{os, name + " " + release, true};
      if (release.find('.') == std::string::npos) break;
    }
  }
  return nearest(lower, std::vector<std::string_view>(names.begin(), names.end()));
}

void read_platform(MapReader& reader, Platform& platform, const RawFacts& tree, const Platforms& platforms,
                   Reporter& reporter) {
  const std::string os = reader.text("os");
  const std::size_t blank = os.find(' ');
  platform.os = os.substr(0, blank);
  platform.release = blank == std::string::npos ? "" : os.substr(blank + 1);
  platform.kernel = reader.version("kernel");
  platform.libvirt = reader.version("libvirt");
  platform.systemd = reader.version("systemd");
  platform.grub = reader.version("grub");
  platform.qemu = reader.version("qemu");
  platform.boot_loader = read_word(reader, "boot_loader", platforms.boot_loaders(platform.os), platform.os);
  platform.initramfs = read_word(reader, "initramfs", platforms.initramfs_makers(platform.os), platform.os);
  if (const RawFacts* config = reader.find("config")) {
    for (const auto& entry : config->entries) platform.config[entry.key] = to_text(entry.tree->value) == "on";
  }
  if (const RawFacts* builtin = reader.find("builtin")) {
    std::vector<std::string> modules;
    for (const RawFactsPtr& item : builtin->items) modules.push_back(to_text(item->value));
    for (std::string& module : modules) std::ranges::replace(module, '-', '_');
    std::ranges::sort(modules);
    platform.builtin = std::move(modules);
  }
  for (const RawFactsPtr& item : reader.list("modules"))
    platform.installed.push_back(module_name(to_text(item->value)));
  std::ranges::sort(platform.installed);
  const bool is_complete = platforms.complete(platform);
  if (platform.os.empty() || is_complete) return;
  std::vector<std::string_view> missing;
  for (const auto& [name, version] : {std::pair{"`kernel`", &platform.kernel},
                                      {"`libvirt`", &platform.libvirt},
                                      {"`systemd`", &platform.systemd},
                                      {"`grub`", &platform.grub},
                                      {"`qemu`", &platform.qemu}}) {
    if (!*version) missing.push_back(name);
  }
  if (missing.empty()) return;
  const std::vector<std::string> names = platforms.names();
  Draft draft = reporter.report(tree.find("os")->span, diag::unknown_platform, os);
  draft.note(fmt::format("tunec has data for {}", fmt::join(names, ", ")));
  if (const auto near = platform_meant(os, names)) {
    const std::string quoted = to_source(Value{near->name});
    draft.help(fmt::format("did you mean `{}`?", quoted))
        .fix({Edit::Kind::replace, tree.find("os")->span, quoted},
             near->is_certain ? Certainty::certain : Certainty::likely);
  }
  draft.help(fmt::format("give {} in the host's facts", fmt::join(missing, ", ")));
}

}  // namespace

bool is_facts_block(const ast::Statement& statement) {
  const auto* block = std::get_if<ast::Block>(&statement.node);
  return block != nullptr && block->path.parts.size() == 1 && block->path.parts[0].name.text == "facts";
}

bool is_fact(const ast::Statement& statement) {
  const auto is_one_of = [](const auto& keys, std::string_view name) {
    return std::ranges::find(keys, name) != std::end(keys);
  };
  if (const auto* block = std::get_if<ast::Block>(&statement.node))
    return block->path.parts.size() == 1 && is_one_of(machine_blocks, block->path.parts[0].name.text);
  const auto* assign = std::get_if<ast::Assign>(&statement.node);
  if (assign == nullptr || assign->kind != ast::AssignKind::plain) return false;
  const std::string_view name = assign->path.parts[0].name.text;
  if (assign->path.parts.size() > 1) return name == "cpu" || name == "labels";
  return is_one_of(machine_keys, name) || is_one_of(platform_keys, name) || is_one_of(label_keys, name);
}

RawFacts on_platform(RawFacts tree, const std::string& os) {
  const RawFacts* stated = tree.find("os");
  RawFacts release;
  release.kind = RawFacts::Kind::scalar;
  release.value = Value{os};
  release.span = stated == nullptr ? tree.span : stated->span;
  std::erase_if(tree.entries, [](const RawFacts::Entry& entry) {
    return std::ranges::find(platform_keys, entry.key) != std::end(platform_keys);
  });
  const Span span = release.span;
  add_entry(tree, {"os", span, shared(std::move(release))});
  return tree;
}

RawFacts take_labels(RawFacts& tree) {
  RawFacts labels;
  labels.span = tree.span;
  const auto rest = std::ranges::stable_partition(tree.entries, [](const RawFacts::Entry& entry) {
    return std::ranges::find(label_keys, entry.key) == std::end(label_keys);
  });
  std::ranges::move(rest, std::back_inserter(labels.entries));
  tree.entries.erase(rest.begin(), rest.end());
  return labels;
}

std::shared_ptr<const Labels> read_labels(const RawFacts& tree, Reporter& reporter) {
  const std::size_t errors_before = reporter.errors();
  auto labels = std::make_shared<Labels>();
  const auto value_of = [&](const RawFacts& stated, std::string_view name) {
    if (stated.kind == RawFacts::Kind::scalar && !stated.value.is<Range>()) return stated.value;
    reporter.report(stated.span, diag::bad_facts, fmt::format("`{}` is one word, number or text", name));
    return Value{};
  };
  if (const RawFacts* rack = tree.find("rack")) labels->rack = value_of(*rack, "rack");
  if (const RawFacts* stated = tree.find("labels")) {
    if (stated->kind != RawFacts::Kind::map)
      reporter.report(stated->span, diag::bad_facts, "`labels` is a map of names to words");
    for (const auto& entry : stated->entries) labels->by_name[entry.key] = value_of(*entry.tree, entry.key);
  }
  labels->faulty = reporter.errors() > errors_before;
  return labels;
}

std::shared_ptr<const Facts> read_facts(const RawFacts& tree, std::string_view host,
                                        const Platforms& platforms, DistinctPlatforms& distinct,
                                        Reporter& reporter) {
  const std::size_t errors_before = reporter.errors();
  auto facts = std::make_shared<Facts>();
  Platform platform;
  const std::string subject = fmt::format("host `{}`", host);
  {
    MapReader reader(tree, subject, reporter);
    read_platform(reader, platform, tree, platforms, reporter);
    read_topology(reader, *facts, platform, reporter);
    read_disks(reader, *facts, reporter);
    read_nics(reader, *facts, reporter);
    read_pci(reader, *facts, platform, reporter);
    if (const auto remapping = reader.take<bool>("interrupt_remapping", "on or off"))
      facts->interrupt_remapping = *remapping;
    for (const std::string_view key : label_keys) reader.find(key);  // taken out before
  }                                                                  // unknown facts are reported
  platform.faulty = reporter.errors() > errors_before || holds_poison(tree);
  facts->platform = distinct.find_or_add(std::move(platform));
  return facts;
}

}  // namespace tunec
