#include "review/host_pairs.h"

#include <algorithm>
#include <cctype>
#include <tuple>
#include <unordered_map>

namespace tunec {
namespace {

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

// A host's name in a text, such as "kvm-06.example.net:51820", gives way to a sign for it.
std::string nameless(const std::string& text, const std::string& name) {
  std::string result;
  std::size_t begin = 0;
  for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if (at < begin || (at > 0 && is_name_character(text[at - 1])) ||
        (end < text.size() && is_name_character(text[end])))
      continue;
    result.append(text, begin, at - begin).append("\n");
    begin = end;
  }
  return result.append(text, begin);
}

// Equal for hosts that agree in all that they have, but for their names.
std::string settings_text(const HostPlan& host) {
  std::string text;
  for (const Setting* setting : host.settings) {
    text += setting->name;
    text += '=';
    text += nameless(to_source(setting->value), host.name);
    text += '\n';
  }
  return text;
}

bool same_labels(const HostPlan& before, const HostPlan& after) {
  static const Labels none;
  const Labels& a = before.labels ? *before.labels : none;
  const Labels& b = after.labels ? *after.labels : none;
  return a.rack == b.rack && a.by_name == b.by_name;
}

void find_renamed(MatchedHosts& matched) {
  if (matched.added.empty() || matched.removed.empty()) return;
  std::unordered_map<std::string, HostPlans> gone;
  for (const HostPlan* host : matched.removed) gone[settings_text(*host)].push_back(host);
  HostPlans added, taken;
  for (const HostPlan* host : matched.added) {
    HostPlans& candidates = gone[settings_text(*host)];
    const auto same = std::ranges::find_if(candidates, [&](const HostPlan* before) {
      return same_platform(*before, *host) && same_machine(*before, *host) && same_labels(*before, *host);
    });
    if (same == candidates.end()) {
      added.push_back(host);
      continue;
    }
    matched.renamed.push_back({*same, host});
    taken.push_back(*same);
    candidates.erase(same);
  }
  matched.added = std::move(added);
  std::erase_if(matched.removed, [&](const HostPlan* host) { return std::ranges::count(taken, host) > 0; });
}

}  // namespace

bool same_platform(const HostPlan& before, const HostPlan& after) {
  Platform a = *before.facts->platform;
  const Platform& b = *after.facts->platform;
  // What these point to is of the release
  a.measured = b.measured;
  a.late_keys = b.late_keys;
  a.driver_modules = b.driver_modules;
  return a == b;
}

// Field by field, for a copy without the platform takes longer than everything else here. Whoever adds a
// field is stopped by the compiler, which counts them.
bool same_machine(const HostPlan& before, const HostPlan& after) {
  const auto& [platform_a, flags_a, vulnerabilities_a, sockets_a, cores_a, threads_a, cpus_a, cores_cpus_a,
               nodes_a, memory_a, remapping_a, disks_a, nics_a, pci_a] = *before.facts;
  const auto& [platform_b, flags_b, vulnerabilities_b, sockets_b, cores_b, threads_b, cpus_b, cores_cpus_b,
               nodes_b, memory_b, remapping_b, disks_b, nics_b, pci_b] = *after.facts;
  return std::tie(memory_a, sockets_a, cores_a, threads_a, remapping_a, cpus_a, cores_cpus_a, nodes_a) ==
             std::tie(memory_b, sockets_b, cores_b, threads_b, remapping_b, cpus_b, cores_cpus_b, nodes_b) &&
         std::tie(nics_a, disks_a, pci_a, flags_a, vulnerabilities_a) ==
             std::tie(nics_b, disks_b, pci_b, flags_b, vulnerabilities_b);
}

MatchedHosts match_hosts(const Plan& before, const Plan& after) {
  MatchedHosts matched;
  auto old = before.hosts.begin();
  for (const HostPlan& host : after.hosts) {
    for (; old != before.hosts.end() && old->name < host.name; ++old) matched.removed.push_back(&*old);
    if (old != before.hosts.end() && old->name == host.name) matched.pairs.push_back({&*old++, &host});
    else matched.added.push_back(&host);
  }
  for (; old != before.hosts.end(); ++old) matched.removed.push_back(&*old);
  find_renamed(matched);
  matched.pairs.insert(matched.pairs.end(), matched.renamed.begin(), matched.renamed.end());
  std::ranges::sort(matched.pairs, {}, [](const HostPair& pair) { return pair.after->name; });
  return matched;
}

}  // namespace tunec
