#include "support/invariant_laws.h"

#include <algorithm>

namespace tunec::test {

std::string isolcpus_flags(const HostFiles& files) {
  const std::string text = find(files.cmdline, "isolcpus").value_or("");
  return text.substr(0, std::min(text.find_first_of("0123456789"), text.size()));
}

std::optional<Cpus> isolcpus(const HostFiles& files) {
  const auto text = find(files.cmdline, "isolcpus");
  return text ? read_cpu_list(std::string_view(*text).substr(isolcpus_flags(files).size())) : std::nullopt;
}

bool within(const Cpus& part, const Cpus& all) { return std::ranges::includes(all, part); }

bool apart(const Cpus& left, const Cpus& right) { return without(left, right) == left; }

Cpus without(const Cpus& all, const Cpus& part) {
  Cpus rest;
  std::ranges::set_difference(all, part, std::inserter(rest, rest.end()));
  return rest;
}

bool is_on(const nlohmann::json& value) { return value.is_boolean() && value.get<bool>(); }

// Reads the parameters in hugetlb_init()'s order: a size, then the number of its pages.
HugePages huge_pages(const HostFiles& files) {
  HugePages all;
  std::int64_t size = find(files.cmdline, "default_hugepagesz") == "1G" ? std::int64_t{1} << 30
                                                                        : std::int64_t{2} << 20;
  for (const auto& [key, value] : files.cmdline) {
    if (key == "hugepagesz")
      size = value == "1G" ? std::int64_t{1} << 30 : value == "2M" ? std::int64_t{2} << 20 : 0;
    if (key != "hugepages") continue;
    all.at_boot += std::stoll(value);
    all.bytes += std::stoll(value) * size;
    all.size = size;
    ++all.pools;
  }
  return all;
}

std::vector<HostLaw> host_laws() {
  std::vector<HostLaw> all;
  for (const auto& laws : {cpu_laws(), memory_laws(), network_laws(), device_laws(), formation_laws()})
    all.insert(all.end(), laws.begin(), laws.end());
  std::ranges::stable_sort(all, {}, &HostLaw::number);
  return all;
}

}  // namespace tunec::test
