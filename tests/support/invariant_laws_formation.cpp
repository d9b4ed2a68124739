// Laws of Formation's JSON: promises to guests, and values that other files contain as well.
#include <fmt/format.h>

#include "support/invariant_laws.h"

namespace tunec::test {
namespace {

using Json = nlohmann::json;

const Json& pools(const HostCase& host) { return at(host.files, "resource_pools"); }
const Json& types(const HostCase& host) { return at(host.files, "instance_types"); }
bool flag(const Json& object, const char* key) { return is_on(object.value(key, Json())); }
double ratio(const Json& pool) { return pool.value("allow_overcommit_ratio", 1.0); }

bool offers(const Json& pool, const Json& type) {
  for (const auto& name : pool.value("instance_types", Json::array())) {
    if (name == type.at("name")) return true;
  }
  return false;
}

void pinned_once(const HostCase& host, Ledger& ledger) {
  for (const auto& pool : pools(host)) {
    if (flag(pool, "cpu_pinning_enabled")) ledger.holds(ratio(pool) <= 1, pool.dump());
  }
}

void fixed_memory(const HostCase& host, Ledger& ledger) {
  if (!is_on(at(host.files, "hardware.gpu_enabled"))) return;
  ledger.holds(!is_on(at(host.files, "vm.default_memory_ballooning")), "ballooning");
  ledger.holds(!is_on(at(host.files, "advanced.experimental_features.live_migration")), "live migration");
  const Json& memory = at(host.files, "vm.memory_overcommit_ratio");
  ledger.holds(!memory.is_number() || memory.get<double>() <= 1, "memory promised twice");
}

void types_fit(const HostCase& host, Ledger& ledger) {
  for (const auto& type : types(host)) {
    for (const auto& [range, standard] : {std::pair{"vcpu_range", "default_vcpus"},
                                          {"memory_range_mb", "default_memory_mb"},
                                          {"disk_range_gb", "default_disk_gb"}}) {
      const double low = type.at(range).at(0), high = type.at(range).at(1), usual = type.at(standard);
      ledger.holds(low <= usual && usual <= high, type.dump());
    }
    bool fits = false;
    for (const auto& pool : pools(host)) {
      fits = fits || (offers(pool, type) && type.at("vcpu_range").at(1) <= pool.at("cpus") &&
                      type.at("memory_range_mb").at(1) <= pool.at("memory_mb") &&
                      type.at("disk_range_gb").at(1) <= pool.at("disk_gb"));
    }
    ledger.holds(fits, "no pool is large enough for " + type.dump());
  }
}

void sums(const HostCase& host, Ledger& ledger) {
  if (pools(host).empty()) return;
  const auto reserved = [&](const char* key, double otherwise) {
    const Json& value = at(host.files, key);
    return value.is_number() ? value.get<double>() : otherwise;
  };
  const double offered[] = {
      static_cast<double>(host.machine.cpus().size()) - reserved("hardware.reserved_cpus", 2),
      host.machine.memory * 1024.0 - reserved("hardware.reserved_memory_mb", 4096),
      1000 - reserved("hardware.reserved_disk_gb", 100)};
  const char* keys[] = {"cpus", "memory_mb", "disk_gb"};
  for (int i = 0; i < 3; ++i) {
    double needed = 0;
    for (const auto& pool : pools(host)) needed += pool.at(keys[i]).get<double>() / ratio(pool);
    ledger.holds(needed <= offered[i],
                 fmt::format("pools need {} {}, the host has {}", needed, keys[i], offered[i]));
  }
}

void one_ratio(const HostCase& host, Ledger& ledger) {
  std::set<std::string> names;
  for (const auto& pool : pools(host)) {
    ledger.holds(names.insert(pool.at("name")).second, "a pool is listed twice");
    ledger.holds(ratio(pool) <= 1 || pool.value("allow_overcommit", true), pool.dump());
  }
}

void dedicated_once(const HostCase& host, Ledger& ledger) {
  for (const auto& type : types(host)) {
    if (!flag(type, "memory_dedicated") && !flag(type, "cpu_pinning_enabled")) continue;
    for (const auto& pool : pools(host)) {
      if (offers(pool, type))
        ledger.holds(ratio(pool) <= 1 && !pool.value("allow_overcommit", true), pool.dump());
    }
  }
}

void nothing_moves(const HostCase& host, Ledger& ledger) {
  const Json& balancing = at(host.files, "advanced.load_balancing.enabled");
  const bool fixed = is_on(at(host.files, "vm.cpu_pinning_enabled")) ||
                     is_on(at(host.files, "hardware.gpu_enabled"));
  if (fixed && !balancing.is_null()) ledger.holds(!is_on(balancing), "pinned guests are moved");
}

void shares(const HostCase& host, Ledger& ledger) {
  for (const auto& type : types(host)) {
    if (type.contains("cpu_shares"))
      ledger.holds(type.at("cpu_shares") >= 2 && type.at("cpu_shares") <= 10000, type.dump());
  }
}

void queues(const HostCase& host, Ledger& ledger) {
  const Json& size = at(host.files, "vm.network_queue_size");
  if (size.is_number()) ledger.holds(size == 256 || size == 512 || size == 1024, size.dump());
}

void no_placeholder(const HostCase& host, Ledger& ledger) {
  for (const auto& [path, text] : host.files.texts) {
    for (const char* placeholder : {"X-Y", "TIMESTAMP", "GPU-1234567890abcdef", "your-", "YOUR_"}) {
      ledger.holds(text.find(placeholder) == std::string::npos, path + " has " + placeholder);
    }
  }
}

// If there are pools, exactly one is the default pool.
void one_default(const HostCase& host, Ledger& ledger) {
  int count = 0;
  for (const auto& pool : pools(host)) count += flag(pool, "is_default");
  if (!pools(host).empty()) ledger.holds(count == 1, fmt::format("{} default pools", count));
}

void mirror(const HostCase& host, Ledger& ledger, const char* path, const std::optional<std::string>& other) {
  const Json& value = at(host.files, path);
  if (value.is_null() || !other) return;
  const std::string text = value.is_string()    ? value.get<std::string>()
                           : value.is_boolean() ? (is_on(value) ? "1" : "0")
                                                : value.dump();
  ledger.holds(text == *other, fmt::format("{} = {}, but another file has {}", path, text, *other));
}

// The scheduler that the udev rules give to the host's disk.
std::optional<std::string> scheduler_of(const HostCase& host) {
  std::optional<std::string> scheduler;
  for (const UdevRule& rule : host.files.udev) {
    const std::string disks = find(rule.matches, "KERNEL").value_or("");
    const auto rotational = find(rule.matches, "ATTR{queue/rotational}");
    const bool ours = host.machine.disk == "nvme"
                          ? disks.starts_with("nvme")
                          : disks.starts_with("sd") && rotational == (host.machine.disk == "hdd" ? "1" : "0");
    const auto value = find(rule.assignments, "ATTR{queue/scheduler}");
    if (ours && value) scheduler = value;
  }
  return scheduler;
}

void mirrors(const HostCase& host, Ledger& ledger) {
  const HostFiles& files = host.files;
  mirror(host, ledger, "performance.swappiness", find(files.sysctl, "vm/swappiness"));
  mirror(host, ledger, "performance.dirty_ratio", find(files.sysctl, "vm/dirty_ratio"));
  mirror(host, ledger, "performance.dirty_background_ratio", find(files.sysctl, "vm/dirty_background_ratio"));
  mirror(host, ledger, "performance.transparent_hugepages", find(files.cmdline, "transparent_hugepage"));
  mirror(host, ledger, "performance.kernel_same_page_merging", find(files.tmpfiles, "kernel/mm/ksm/run"));
  mirror(host, ledger, "performance.numa_balancing", find(files.sysctl, "kernel/numa_balancing"));
  mirror(host, ledger, "performance.cpu_governor", find(files.cmdline, "cpufreq.default_governor"));
  mirror(host, ledger, "performance.cpu_governor",
         find(files.tmpfiles, "devices/system/cpu/cpu*/cpufreq/scaling_governor"));
  mirror(host, ledger, "performance.io_scheduler", scheduler_of(host));
  const auto congestion = find(files.sysctl, "net/ipv4/tcp_congestion_control");
  mirror(host, ledger, "performance.network_tuning.tcp_bbr",
         congestion ? std::optional<std::string>(congestion == "bbr" ? "1" : "0") : std::nullopt);
  for (const auto& [name, file] : files.wireguard) {
    mirror(host, ledger, "network.wireguard_mtu", find(file.interface, "MTU"));
    mirror(host, ledger, "network.wireguard_port", find(file.interface, "ListenPort"));
  }
}

}  // namespace

std::vector<HostLaw> formation_laws() {
  return {{12, "a pinned pool promises its CPUs once", pinned_once},
          {24, "guests with devices have fixed memory and do not move", fixed_memory},
          {61, "an instance type's default is in its range, and the range fits into a pool", types_fit},
          {62, "pools fit beside the host's own share", sums},
          {62, "exactly one pool is the default", one_default},
          {63, "a pool has one ratio, and the switch agrees", one_ratio},
          {64, "dedicated CPUs and memory are promised once", dedicated_once},
          {65, "load is not balanced if guests cannot move", nothing_moves},
          {66, "CPU shares fit both versions of cgroups", shares},
          {67, "the number of queues is a power of two", queues},
          {68, "files contain no placeholder", no_placeholder},
          {70, "the JSON repeats the values of other files", mirrors}};
}

}  // namespace tunec::test
