// Each map of the schema is read through a Reader: fields that were not asked for are reported as unknown.
#include "model/facts_read.h"

#include <algorithm>
#include <set>

#include "base/suggest.h"
#include "diagnostics/diag.h"

namespace tunec {
namespace {

class Reader {
 public:
  Reader(const FactTree& tree, std::string_view what, Reporter& reporter) : tree_(tree), what_(what), reporter_(reporter) {
    if (tree.kind != FactTree::Kind::map) bad(tree.span, fmt::format("{} is a map of facts", what));
  }
  ~Reader() {
    for (const auto& entry : tree_.entries) {
      if (std::ranges::find(asked_, entry.key) != asked_.end()) continue;
      const auto near = nearest(entry.key, asked_);
      reporter_.report(entry.span, diag::unknown_fact, entry.key)
          .help(near ? fmt::format("did you mean `{}`?", *near) : fmt::format("facts of {} are {}", what_, fmt::join(asked_, ", ")));
    }
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  const FactTree* find(std::string_view key) {
    asked_.push_back(key);
    return tree_.find(key);
  }
  template <class T>
  std::optional<T> take(std::string_view key, std::string_view wants) {
    const FactTree* found = find(key);
    if (found == nullptr || (found->kind == FactTree::Kind::scalar && found->value.poisoned())) return std::nullopt;
    if (found->kind == FactTree::Kind::scalar) {
      if (const T* value = found->value.get_if<T>()) return *value;
      // JSON has no other way to write 64GiB than in quotes.
      const auto* quoted = found->value.get_if<std::string>();
      const Value inside = quoted != nullptr ? scalar_from_text(*quoted) : Value{};
      if (const T* value = inside.get_if<T>()) return *value;
    }
    bad(found->span, fmt::format("`{}` is {}, not {}", key, wants,
                                 found->kind == FactTree::Kind::scalar ? to_source(found->value) : "a list or map"));
    return std::nullopt;
  }
  std::string text(std::string_view key) {
    const FactTree* found = find(key);
    if (found == nullptr || found->kind == FactTree::Kind::scalar) return found == nullptr || found->value.poisoned() ? "" : to_text(found->value);
    bad(found->span, fmt::format("`{}` is one word or text", key));
    return "";
  }
  std::int64_t bytes(std::string_view key) {
    const auto size = take<Bytes>(key, "a size such as 64GiB");
    return size ? size->count : 0;
  }
  int count(std::string_view key, int otherwise, int most) {
    const auto number = take<std::int64_t>(key, "a whole number");
    if (!number) return otherwise;
    if (*number >= 1 && *number <= most) return static_cast<int>(*number);
    bad(tree_.find(key)->span, fmt::format("`{}` is between 1 and {}, not {}", key, most, *number));
    return otherwise;
  }
  std::optional<Version> version(std::string_view key) {
    const std::string written = text(key);
    if (written.empty()) return std::nullopt;
    auto version = Version::parse(written);
    if (!version) bad(tree_.find(key)->span, fmt::format("`{}` is a version such as 6.8, not {}", key, written));
    return version;
  }
  const std::vector<FactTree>& list(std::string_view key) {
    static const std::vector<FactTree> none;
    const FactTree* found = find(key);
    if (found == nullptr) return none;
    if (found->kind != FactTree::Kind::list) bad(found->span, fmt::format("`{}` is a list", key));
    return found->items;
  }
  void bad(Span span, std::string what) { reporter_.report(span, diag::bad_facts, what); }
  Span span() const { return tree_.span; }

 private:
  const FactTree& tree_;
  std::string_view what_;
  Reporter& reporter_;
  std::vector<std::string_view> asked_;
};

// "0-7,16-23", 3, 0..7, or a list of these.
std::optional<CpuSet> cpus_from(const FactTree& tree) {
  if (tree.kind == FactTree::Kind::list) {
    CpuSet all;
    for (const FactTree& item : tree.items) {
      const auto part = cpus_from(item);
      if (!part) return std::nullopt;
      all = all | *part;
    }
    return all;
  }
  if (const Range* range = tree.value.get_if<Range>()) {
    const auto* low = range->ends[0].get_if<std::int64_t>();
    const auto* high = range->ends[1].get_if<std::int64_t>();
    if (low == nullptr || high == nullptr || *low < 0 || *high > CpuSet::max_cpu) return std::nullopt;
    return CpuSet::of(static_cast<int>(*low), static_cast<int>(*high));
  }
  return CpuSet::parse(to_text(tree.value));
}

// Linux on x86 numbers the first threads of all cores, socket by socket, and then the second ones.
void number_cpus(Facts& facts) {
  facts.cpus = CpuSet::of(0, facts.cores * facts.threads - 1);
  for (int core = 0; core < facts.cores; ++core) {
    CpuSet threads;
    for (int thread = 0; thread < facts.threads; ++thread) threads.insert(core + thread * facts.cores, core + thread * facts.cores);
    facts.cores_cpus.push_back(std::move(threads));
  }
}

void read_cpu(Reader& facts_reader, Facts& facts, Reporter& reporter) {
  const FactTree* tree = facts_reader.find("cpu");
  if (tree == nullptr) return;
  Reader cpu(*tree, "`cpu`", reporter);
  facts.cpu_vendor = cpu.text("vendor");
  if (!facts.cpu_vendor.empty() && facts.cpu_vendor != "intel" && facts.cpu_vendor != "amd") {
    cpu.bad(tree->find("vendor")->span, fmt::format("`vendor` is intel or amd, not {}", facts.cpu_vendor));
    facts.cpu_vendor.clear();
  }
  facts.sockets = cpu.count("sockets", 1, 32);
  const int cores = cpu.count("cores", 0, 1024);
  facts.threads = cpu.count("threads", 1, 8);
  if (cores == 0) return;
  if (facts.sockets * cores * facts.threads > CpuSet::max_cpu + 1) {
    return cpu.bad(tree->span, fmt::format("no kernel takes more than {} CPUs", CpuSet::max_cpu + 1));
  }
  facts.cores = facts.sockets * cores;
  number_cpus(facts);
}

// Without nodes of their own, a node is a socket and the memory is spread evenly.
void default_nodes(Facts& facts) {
  if (facts.sockets == 0 || facts.cores == 0) return;
  const int per_socket = facts.cores / facts.sockets;
  for (int socket = 0; socket < facts.sockets; ++socket) {
    NumaNode node;
    for (int core = socket * per_socket; core < (socket + 1) * per_socket; ++core) {
      node.cpus = node.cpus | facts.cores_cpus[static_cast<std::size_t>(core)];
    }
    node.memory = facts.memory / facts.sockets;
    facts.nodes.push_back(std::move(node));
  }
}

void read_nodes(Reader& facts_reader, Facts& facts, Reporter& reporter) {
  CpuSet seen;
  std::int64_t memory = 0;
  for (const FactTree& tree : facts_reader.list("nodes")) {
    Reader reader(tree, "a NUMA node", reporter);
    NumaNode node;
    if (const FactTree* cpus = reader.find("cpus")) {
      const auto set = cpus_from(*cpus);
      if (!set) {
        reader.bad(cpus->span, "`cpus` is a CPU list such as 0-7,16-23");
      } else if (!set->subset_of(facts.cpus)) {
        reader.bad(cpus->span, fmt::format("this machine has CPUs {}, not {}", facts.cpus.to_string(), (*set - facts.cpus).to_string()));
      } else if (!(*set & seen).empty()) {
        reader.bad(cpus->span, fmt::format("two nodes have the same CPUs: {}", (*set & seen).to_string()));
      } else {
        node.cpus = *set;
        seen = seen | *set;
      }
    }
    node.memory = reader.bytes("memory");
    memory += node.memory;
    facts.nodes.push_back(std::move(node));
  }
  if (facts.nodes.empty()) return default_nodes(facts);
  if (facts.memory == 0) facts.memory = memory;
  if (memory > facts.memory) facts_reader.bad(facts_reader.span(), "the nodes have more memory than the machine");
}

void read_devices(Reader& facts_reader, Facts& facts, Reporter& reporter) {
  for (const FactTree& tree : facts_reader.list("disks")) {
    Reader reader(tree, "a disk", reporter);
    Disk disk{reader.text("name"), reader.text("kind"), reader.bytes("size")};
    static constexpr std::string_view kinds[] = {"nvme", "ssd", "hdd", "virtio"};
    if (std::ranges::find(kinds, disk.kind) == std::end(kinds)) reader.bad(tree.span, "a disk's `kind` is nvme, ssd, hdd or virtio");
    facts.disks.push_back(std::move(disk));
  }
  for (const FactTree& tree : facts_reader.list("nics")) {
    Reader reader(tree, "a network card", reporter);
    Nic nic{reader.text("name"), 0, 1500};
    if (const auto speed = reader.take<Bandwidth>("speed", "a bandwidth such as 10Gbps")) nic.speed = speed->bits_per_second;
    nic.mtu = reader.count("mtu", 1500, 65535);
    facts.nics.push_back(std::move(nic));
  }
  for (const std::string_view kind : {"gpus", "pci"}) {
    for (const FactTree& tree : facts_reader.list(kind)) {
      Reader reader(tree, "a PCI device", reporter);
      PciDevice device{reader.text("address"), reader.text("id"), reader.text("name"), -1, kind == "gpus"};
      if (const auto node = reader.take<std::int64_t>("node", "a NUMA node's number")) device.node = static_cast<int>(std::clamp<std::int64_t>(*node, -1, 1024));
      const Value id = scalar_from_text(device.id), address = scalar_from_text(device.address);
      const auto is = [](const Value& value, WordKind kind_) { return value.is<Word>() && value.as<Word>().kind == kind_; };
      if (!is(id, WordKind::pci_id)) reader.bad(tree.span, fmt::format("a device's `id` is vendor:device such as 10de:2206, not {}", device.id.empty() ? "nothing" : device.id));
      if (!is(address, WordKind::pci_address)) reader.bad(tree.span, fmt::format("a device's `address` is one such as 0000:65:00.0, not {}", device.address.empty() ? "nothing" : device.address));
      facts.pci.push_back(std::move(device));
    }
  }
}

void read_platform(Reader& reader, Facts& facts, const FactTree& tree, const Platforms& platforms, Reporter& reporter) {
  const std::string os = reader.text("os");
  const std::size_t blank = os.find(' ');
  facts.os = os.substr(0, blank);
  facts.release = blank == std::string::npos ? "" : os.substr(blank + 1);
  facts.kernel = reader.version("kernel");
  facts.libvirt = reader.version("libvirt");
  facts.systemd = reader.version("systemd");
  facts.grub = reader.version("grub");
  facts.qemu = reader.version("qemu");
  if (const FactTree* config = reader.find("config")) {
    for (const auto& entry : config->entries) facts.config[entry.key] = to_text(entry.tree.value) == "on";
  }
  if (const FactTree* builtin = reader.find("builtin")) {
    std::vector<std::string> modules;
    for (const FactTree& item : builtin->items) modules.push_back(to_text(item.value));
    for (std::string& module : modules) std::ranges::replace(module, '-', '_');
    std::ranges::sort(modules);
    facts.builtin = std::move(modules);
  }
  if (facts.os.empty()) return;
  if (platforms.complete(facts)) return;
  std::vector<std::string_view> missing;
  for (const auto& [name, version] : {std::pair{"`kernel`", &facts.kernel}, {"`libvirt`", &facts.libvirt}, {"`systemd`", &facts.systemd}, {"`grub`", &facts.grub}, {"`qemu`", &facts.qemu}}) {
    if (!*version) missing.push_back(name);
  }
  if (missing.empty()) return;
  reporter.report(tree.find("os")->span, diag::unknown_platform, os)
      .note(fmt::format("measured are {}", fmt::join(platforms.names(), ", ")))
      .help(fmt::format("state {} in the host's facts", fmt::join(missing, ", ")));
}

}  // namespace

std::shared_ptr<const Facts> read_facts(const FactTree& tree, std::string_view host, const Platforms& platforms, Reporter& reporter) {
  const std::size_t errors_before = reporter.errors();
  auto facts = std::make_shared<Facts>();
  const std::string what = fmt::format("host `{}`", host);
  {
    Reader reader(tree, what, reporter);
    read_platform(reader, *facts, tree, platforms, reporter);
    read_cpu(reader, *facts, reporter);
    facts->memory = reader.bytes("memory");
    read_nodes(reader, *facts, reporter);
    read_devices(reader, *facts, reporter);
    if (const auto remapping = reader.take<bool>("interrupt_remapping", "on or off")) facts->interrupt_remapping = *remapping;
  }  // unknown facts are reported
  facts->faulty = reporter.errors() > errors_before;
  return facts;
}

}  // namespace tunec
