// Laws of CPUs: placement and speed.
#include <fmt/format.h>

#include "support/invariant_laws.h"

namespace tunec::test {
namespace {

// All lists of CPUs: those of the boot line, and Formation's.
std::map<std::string, Cpus> cpu_lists(const HostFiles& files) {
  std::map<std::string, Cpus> lists;
  if (const auto cpus = isolcpus(files)) lists["isolcpus"] = *cpus;
  for (const char* key : {"nohz_full", "rcu_nocbs", "irqaffinity"}) {
    if (const auto text = find(files.cmdline, key)) lists[key] = read_cpu_list(*text).value_or(Cpus{-1});
  }
  const nlohmann::json& dedicated = at(files, "vm.cpu_dedicated_set");
  if (dedicated.is_string())
    lists["cpu_dedicated_set"] = read_cpu_list(dedicated.get<std::string>()).value_or(Cpus{-1});
  return lists;
}

void lists_exist(const HostCase& host, Ledger& ledger) {
  for (const auto& [name, cpus] : cpu_lists(host.files))
    ledger.holds(!cpus.empty() && within(cpus, host.machine.cpus()), name);
}

void housekeeping(const HostCase& host, Ledger& ledger) {
  const auto isolated = isolcpus(host.files);
  if (!isolated) return;
  ledger.holds(!isolated->contains(0), "the boot CPU is isolated");
  const auto lists = cpu_lists(host.files);
  if (lists.contains("irqaffinity"))
    ledger.holds(apart(lists.at("irqaffinity"), *isolated), "interrupts go to isolated CPUs");
}

void core_per_node(const HostCase& host, Ledger& ledger) {
  const auto isolated = isolcpus(host.files);
  if (!isolated) return;
  for (const Cpus& node : host.machine.nodes()) {
    bool whole = false;
    for (const int cpu : node) whole = whole || apart(host.machine.siblings({cpu}), *isolated);
    ledger.holds(whole, fmt::format("node {} has no core for the host", cpu_list(node)));
  }
}

void whole_cores(const HostCase& host, Ledger& ledger) {
  if (const auto isolated = isolcpus(host.files))
    ledger.holds(host.machine.siblings(*isolated) == *isolated, "a core is split");
}

void nohz_full_is_isolcpus(const HostCase& host, Ledger& ledger) {
  const auto lists = cpu_lists(host.files);
  if (!lists.contains("nohz_full")) return;
  ledger.holds(lists.contains("isolcpus"), "nohz_full without isolcpus");
  const bool same = host.machine.kernel() < 519;
  if (lists.contains("isolcpus"))
    ledger.holds(same ? lists.at("nohz_full") == lists.at("isolcpus")
                      : within(lists.at("nohz_full"), lists.at("isolcpus")),
                 "nohz_full");
}

void rcu_nocbs_within(const HostCase& host, Ledger& ledger) {
  const auto lists = cpu_lists(host.files);
  if (lists.contains("rcu_nocbs"))
    ledger.holds(lists.contains("isolcpus") && within(lists.at("rcu_nocbs"), lists.at("isolcpus")),
                 "rcu_nocbs");
}

void only_where_built(const HostCase& host, Ledger& ledger) {
  if (!host.machine.measured()) return;
  for (const char* key : {"nohz_full", "rcu_nocbs"}) {
    if (isolcpus(host.files))
      ledger.holds(find(host.files.cmdline, key).has_value() == host.machine.nohz_full(), key);
  }
}

void managed_irq(const HostCase& host, Ledger& ledger) {
  if (!isolcpus(host.files)) return;
  ledger.holds(
      isolcpus_flags(host.files).find("managed_irq") == std::string::npos || host.machine.kernel() > 504,
      "managed_irq");
}

// Dedicated CPUs are isolated; CPUs for services are not.
void dedicated_and_shared(const HostCase& host, Ledger& ledger) {
  const auto lists = cpu_lists(host.files);
  if (lists.contains("cpu_dedicated_set")) {
    ledger.holds(lists.contains("isolcpus") && within(lists.at("cpu_dedicated_set"), lists.at("isolcpus")),
                 "cpu_dedicated_set");
  }
  for (const auto& [path, unit] : host.files.units) {
    const auto allowed = find(unit, "Slice.AllowedCPUs");
    if (!allowed || !lists.contains("isolcpus")) continue;
    const auto cpus = read_cpu_list(*allowed);
    ledger.holds(cpus && apart(*cpus, lists.at("isolcpus")) && !cpus->empty(), path);
  }
}

void alive_without_smt(const HostCase& host, Ledger& ledger) {
  if (!find(host.files.cmdline, "nosmt")) return ledger.holds(true, "");
  for (const auto& [name, cpus] : cpu_lists(host.files))
    ledger.holds(cpus.empty() || *cpus.rbegin() < host.machine.core_count(), name);
}

void pinned_fit(const HostCase& host, Ledger& ledger) {
  int pinned = 0;
  for (const auto& pool : at(host.files, "resource_pools")) {
    if (is_on(pool.value("cpu_pinning_enabled", nlohmann::json()))) pinned += pool.at("cpus").get<int>();
  }
  const auto lists = cpu_lists(host.files);
  const int dedicated = lists.contains("cpu_dedicated_set")
                            ? static_cast<int>(lists.at("cpu_dedicated_set").size())
                            : 0;
  if (pinned > 0)
    ledger.holds(pinned <= dedicated, fmt::format("{} CPUs pinned, {} dedicated", pinned, dedicated));
}

void polling(const HostCase& host, Ledger& ledger) {
  auto ns = number(host.files.options, "kvm.halt_poll_ns");
  if (!ns) ns = number(host.files.cmdline, "kvm.halt_poll_ns");
  if (!ns) return;
  const nlohmann::json& ratio = at(host.files, "vm.cpu_overcommit_ratio");
  ledger.holds(*ns <= 200000 || !ratio.is_number() || ratio.get<double>() <= 1,
               fmt::format("polls for {} ns", *ns));
}

void numa_aware(const HostCase& host, Ledger& ledger) {
  const nlohmann::json& aware = at(host.files, "vm.numa_aware");
  if (!aware.is_null()) ledger.holds(is_on(aware) == (host.machine.nodes().size() > 1), "numa_aware");
}

void no_balancing(const HostCase& host, Ledger& ledger) {
  if (!isolcpus(host.files) && huge_pages(host.files).pools == 0) return;
  ledger.holds(number(host.files.sysctl, "kernel/numa_balancing") == 0, "kernel.numa_balancing is not 0");
}

void one_governor(const HostCase& host, Ledger& ledger) {
  const auto boot = find(host.files.cmdline, "cpufreq.default_governor"),
             shell = find(host.files.cpufrequtils, "GOVERNOR");
  bool sysfs = false;
  for (const auto& [path, value] : host.files.tmpfiles) sysfs = sysfs || path.ends_with("scaling_governor");
  const int owners = boot.has_value() + shell.has_value() + sysfs;
  if (owners > 0) ledger.holds(owners == 1, "the governor has several owners");
  if (boot) ledger.holds(host.machine.kernel() >= 509, "Linux has no such boot parameter before 5.9");
}

void mitigations(const HostCase& host, Ledger& ledger) {
  const auto value = find(host.files.cmdline, "mitigations");
  if (value) ledger.holds(value == "auto" || value == "auto,nosmt", "mitigations=" + *value);
}

}  // namespace

std::vector<HostLaw> cpu_laws() {
  return {{1, "CPU lists name only CPUs that exist", lists_exist},
          {2, "the boot CPU is not isolated, and interrupts stay with the host", housekeeping},
          {3, "the host has a core on each node", core_per_node},
          {4, "a core is isolated with all its threads", whole_cores},
          {5, "nohz_full is isolcpus up to 5.18, and within it later", nohz_full_is_isolcpus},
          {6, "rcu_nocbs is within isolcpus", rcu_nocbs_within},
          {7, "nohz_full and rcu_nocbs are set exactly where the kernel supports them", only_where_built},
          {8, "managed_irq is not used on Linux 5.4", managed_irq},
          {9, "dedicated CPUs are isolated, CPUs for services are not", dedicated_and_shared},
          {10, "no list names a thread that nosmt disables", alive_without_smt},
          {11, "pinned pools fit into the dedicated CPUs", pinned_fit},
          {13, "long polling is used only without overcommit", polling},
          {14, "NUMA awareness is used only on several nodes", numa_aware},
          {15, "NUMA balancing is off if guests are pinned or on huge pages", no_balancing},
          {69, "the governor has one owner", one_governor},
          {71, "CPU mitigations are not disabled", mitigations}};
}

}  // namespace tunec::test
