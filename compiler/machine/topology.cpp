// Unless the threads of each core are given, CPUs are numbered as Linux on x86 numbers them.
#include "machine/topology.h"

#include <algorithm>

namespace tunec {
namespace {

constexpr std::size_t max_cpus = CpuSet::max_cpu + 1;

std::optional<CpuSet> cpus_from_scalar(const RawFacts& tree) {
  if (tree.kind != RawFacts::Kind::scalar) return std::nullopt;
  if (const Range* range = tree.value.get_if<Range>()) {
    const auto* low = range->ends[0].get_if<std::int64_t>();
    const auto* high = range->ends[1].get_if<std::int64_t>();
    if (low == nullptr || high == nullptr || *low < 0 || *high > CpuSet::max_cpu) return std::nullopt;
    return CpuSet::of(static_cast<int>(*low), static_cast<int>(*high));
  }
  return CpuSet::parse(to_text(tree.value));
}

// "0-7,16-23", 3, 0..7, or a list of these.
std::optional<CpuSet> cpus_from(const RawFacts& tree) {
  if (tree.kind != RawFacts::Kind::list) return cpus_from_scalar(tree);
  if (tree.items.size() > max_cpus) return std::nullopt;
  CpuSet all;
  for (const RawFactsPtr& item : tree.items) {
    const auto part = cpus_from_scalar(*item);
    if (!part) return std::nullopt;
    all = all | *part;
  }
  return all;
}

// First come the first threads of all cores, socket by socket, and then the second threads.
void number_cpus(Facts& facts) {
  facts.cpus = CpuSet::of(0, facts.cores * facts.threads - 1);
  facts.cores_cpus.reserve(static_cast<std::size_t>(facts.cores));
  for (int core = 0; core < facts.cores; ++core) {
    CpuSet threads;
    for (int thread = 0; thread < facts.threads; ++thread)
      threads.insert(core + thread * facts.cores, core + thread * facts.cores);
    facts.cores_cpus.push_back(std::move(threads));
  }
}

// `siblings`: the CPUs of each core, socket by socket. If counts are given too, they must agree.
bool read_siblings(MapReader& cpu, Facts& facts, int cores) {
  std::vector<bool> seen(max_cpus);
  int count = 0, threads = 0;
  for (const RawFactsPtr& tree : cpu.list("siblings", max_cpus)) {
    const auto core = cpus_from(*tree);
    if (!core || core->empty()) {
      cpu.bad(tree->span, "an item of `siblings` is the CPUs of one core, such as \"0,64\"");
      return false;
    }
    for (const int number : core->cpus()) {
      if (seen[static_cast<std::size_t>(number)]) {
        cpu.bad(tree->span, fmt::format("CPU {} is in two cores", number));
        return false;
      }
      seen[static_cast<std::size_t>(number)] = true;
    }
    count += core->size();
    threads = std::max(threads, core->size());
    facts.cores_cpus.push_back(*core);
  }
  const int found = static_cast<int>(facts.cores_cpus.size());
  const auto refused = [&](std::string reason) {
    cpu.bad(cpu.place("siblings"), reason);
    return false;
  };
  if (found == 0) return false;
  if (const auto gap = std::ranges::find(seen, false); gap - seen.begin() < count)
    return refused(fmt::format("CPU {} is in no core", gap - seen.begin()));
  if (cores != 0 && cores * facts.sockets != found)
    return refused(fmt::format("`siblings` has {} cores, and `sockets` and `cores` make {}", found,
                               cores * facts.sockets));
  if (found % facts.sockets != 0)
    return refused(fmt::format("`siblings` has {} cores, which are not as many in each of {} sockets", found,
                               facts.sockets));
  if (cpu.states("threads") && facts.threads != threads)
    return refused(
        fmt::format("a core of `siblings` has {} CPUs, and `threads` is {}", threads, facts.threads));
  facts.cores = found;
  facts.threads = threads;
  facts.cpus = CpuSet::of(0, count - 1);
  return true;
}

void read_cores(MapReader& cpu, Facts& facts) {
  facts.sockets = cpu.count("sockets", 1, 32);
  const int cores = cpu.count("cores", 0, 1024);
  facts.threads = cpu.count("threads", 1, 8);
  if (cpu.states("siblings")) {
    if (!read_siblings(cpu, facts, cores)) facts.cores_cpus.clear();
    return;
  }
  cpu.find("siblings");
  if (cores == 0) return;
  if (facts.sockets * cores * facts.threads > static_cast<int>(max_cpus)) {
    return cpu.bad(cpu.span(), fmt::format("no kernel supports more than {} CPUs", max_cpus));
  }
  facts.cores = facts.sockets * cores;
  number_cpus(facts);
}

// The CPUs that are online, if some are not.
std::optional<CpuSet> read_online(MapReader& cpu, const Facts& facts, bool faulty) {
  const RawFacts* tree = cpu.find("online");
  if (tree == nullptr) return std::nullopt;
  const auto online = cpus_from(*tree);
  if (!online || online->empty()) {
    cpu.bad(tree->span, "`online` is a CPU list such as 0-7,16-23");
  } else if (facts.cpus.empty()) {
    if (!faulty)
      cpu.bad(tree->span, "`online` is a part of the machine's CPUs: give the machine's CPUs first");
  } else if (!online->subset_of(facts.cpus)) {
    cpu.bad(tree->span, fmt::format("this machine has CPUs {}, not {}", facts.cpus.to_string(),
                                    (*online - facts.cpus).to_string()));
  } else {
    return online;
  }
  return std::nullopt;
}

// Also accepts the names that /proc/cpuinfo and lscpu print.
std::string vendor_named(std::string text) {
  if (text == "GenuineIntel" || text == "Intel") return "intel";
  if (text == "AuthenticAMD" || text == "AMD") return "amd";
  return text;
}

std::optional<CpuSet> read_cpu(MapReader& reader, Facts& facts, Platform& platform, Reporter& reporter) {
  const RawFacts* tree = reader.find("cpu");
  if (tree == nullptr) return std::nullopt;
  MapReader cpu(*tree, "`cpu`", reporter);
  platform.cpu_vendor = vendor_named(cpu.text("vendor"));
  if (!platform.cpu_vendor.empty() && platform.cpu_vendor != "intel" && platform.cpu_vendor != "amd") {
    cpu.bad(cpu.place("vendor"), fmt::format("`vendor` is intel or amd, not {}", platform.cpu_vendor));
    platform.cpu_vendor.clear();
  }
  const std::size_t errors_before = reporter.errors();
  read_cores(cpu, facts);
  const bool faulty = reporter.errors() > errors_before;
  facts.cpu_flags = cpu.words("flags");
  facts.cpu_vulnerabilities = cpu.words("vulnerabilities");
  return read_online(cpu, facts, faulty);
}

// Without nodes of their own, a node is a socket and the memory is spread evenly.
void default_nodes(Facts& facts) {
  if (facts.sockets == 0 || facts.cores == 0) return;
  const int per_socket = facts.cores / facts.sockets;
  for (int socket = 0; socket < facts.sockets; ++socket) {
    NumaNode node;
    for (int core = socket * per_socket; core < (socket + 1) * per_socket; ++core) {
      for (const auto& [first, last] : facts.cores_cpus[static_cast<std::size_t>(core)].runs())
        node.cpus.insert(first, last);
    }
    node.memory = facts.memory / facts.sockets;
    facts.nodes.push_back(std::move(node));
  }
}

void read_nodes(MapReader& facts_reader, Facts& facts, bool faulty, Reporter& reporter) {
  CpuSet seen;
  std::int64_t memory = 0;
  for (const RawFactsPtr& tree : facts_reader.list("nodes")) {
    MapReader reader(*tree, "a NUMA node", reporter);
    NumaNode node;
    if (const RawFacts* cpus = reader.find("cpus")) {
      const auto set = cpus_from(*cpus);
      if (!set) {
        reader.bad(cpus->span, "`cpus` is a CPU list such as 0-7,16-23");
      } else if (facts.cpus.empty()) {
        if (!faulty)
          reader.bad(cpus->span, "`cpus` is a part of the machine's CPUs: give the machine's CPUs first");
      } else if (!set->subset_of(facts.cpus)) {
        reader.bad(cpus->span, fmt::format("this machine has CPUs {}, not {}", facts.cpus.to_string(),
                                           (*set - facts.cpus).to_string()));
      } else if (!(*set & seen).empty()) {
        reader.bad(cpus->span, fmt::format("two nodes have the same CPUs: {}", (*set & seen).to_string()));
      } else {
        node.cpus = *set;
        seen = seen | *set;
      }
    }
    node.memory = reader.bytes("memory", MapReader::Zero::taken);  // some nodes have CPUs but no memory
    memory += node.memory;
    facts.nodes.push_back(std::move(node));
  }
  if (facts.nodes.empty()) return default_nodes(facts);
  if (facts.memory == 0) facts.memory = memory;
  if (memory > facts.memory)
    facts_reader.bad(facts_reader.place("nodes"),
                     fmt::format("the nodes have {} of memory, more than the {} of the machine",
                                 to_text(Value{Bytes{memory}}), to_text(Value{Bytes{facts.memory}})));
}

void keep_online(Facts& facts, const CpuSet& online) {
  facts.cpus = online;
  for (CpuSet& core : facts.cores_cpus) core = core & online;
  std::erase_if(facts.cores_cpus, [](const CpuSet& core) { return core.empty(); });
  for (NumaNode& node : facts.nodes) node.cpus = node.cpus & online;
}

}  // namespace

void read_topology(MapReader& reader, Facts& facts, Platform& platform, Reporter& reporter) {
  const std::size_t errors_before = reporter.errors();
  const auto online = read_cpu(reader, facts, platform, reporter);
  const bool faulty = reporter.errors() > errors_before;
  facts.memory = reader.bytes("memory");
  read_nodes(reader, facts, faulty, reporter);
  if (online) keep_online(facts, *online);
}

}  // namespace tunec
