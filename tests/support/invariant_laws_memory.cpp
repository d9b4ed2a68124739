// Laws of memory: huge pages in all their carriers, free memory, writeback.
#include <cmath>

#include <fmt/format.h>

#include "support/invariant_laws.h"

namespace tunec::test {
namespace {

constexpr std::int64_t mib = std::int64_t{1} << 20, gib = std::int64_t{1} << 30;

std::int64_t memory_of(const HostCase& host) { return host.machine.memory * gib; }

bool uses_huge_pages(const HostCase& host) { return is_on(at(host.files, "vm.use_hugepages")); }

void fit(const HostCase& host, Ledger& ledger) {
  const nlohmann::json& reserved = at(host.files, "hardware.reserved_memory_mb");
  const std::int64_t for_host = reserved.is_number() ? reserved.get<std::int64_t>() * mib : 0,
                     huge = huge_pages(host.files).bytes;
  if (huge > 0)
    ledger.holds(huge < memory_of(host) && huge + for_host <= memory_of(host),
                 fmt::format("{} bytes of huge pages", huge));
}

// The bounds are those of the policy `hugepage-bounds`. The model waives it above 16 GiB.
void share_agrees(const HostCase& host, Ledger& ledger) {
  const std::int64_t huge = huge_pages(host.files).bytes;
  if (huge > 0) ledger.holds(huge >= 2 * gib, "less than 2 GiB");
  const nlohmann::json& percentage = at(host.files, "vm.hugepages_percentage");
  if (percentage.is_number()) {
    const double share = 100.0 * static_cast<double>(huge) / static_cast<double>(memory_of(host));
    ledger.holds(percentage.get<double>() == std::round(share),
                 fmt::format("Formation has {} %, the boot line reserves {} %", percentage.dump(), share));
  }
  ledger.holds(uses_huge_pages(host) == (huge > 0), "Formation and the boot line disagree");
}

// The boot line, vm.nr_hugepages (in the default size) and sysfs request the same number of pages of a size.
void carriers_agree(const HostCase& host, Ledger& ledger) {
  const HugePages boot = huge_pages(host.files);
  const std::int64_t standard = find(host.files.cmdline, "default_hugepagesz") == "1G" ? gib : 2 * mib;
  if (const auto later = number(host.files.sysctl, "vm/nr_hugepages"))
    ledger.holds(boot.pools == 0 || boot.size != standard || *later == boot.at_boot, "vm.nr_hugepages");
  for (const auto& [path, value] : host.files.tmpfiles) {
    if (!path.ends_with("nr_hugepages") || path.find("/node/") != std::string::npos) continue;
    const std::int64_t size = path.find("1048576kB") != std::string::npos ? gib : 2 * mib;
    ledger.holds(boot.pools == 0 || size != boot.size || std::stoll(value) == boot.at_boot, path);
  }
  if (boot.pools > 0) ledger.holds(boot.size == standard, "the pages do not have the default size");
}

void size_agrees(const HostCase& host, Ledger& ledger) {
  const nlohmann::json& size = at(host.files, "vm.hugepages_size_mb");
  if (size.is_number())
    ledger.holds(size.get<std::int64_t>() * mib == huge_pages(host.files).size,
                 "hugepages_size_mb = " + size.dump());
}

void size_before_number(const HostCase& host, Ledger& ledger) {
  std::string size;
  std::set<std::string> seen;
  for (const auto& [key, value] : host.files.cmdline) {
    if (key == "hugepagesz") {
      ledger.holds(value == "2M" || value == "1G", value);
      ledger.holds(seen.insert(value).second, value + " twice");
      size = value;
    }
    if (key == "hugepages") ledger.holds(!size.empty(), "a number of pages without a size");
  }
}

void gigantic_at_boot(const HostCase& host, Ledger& ledger) {
  if (huge_pages(host.files).size == gib)
    ledger.holds(huge_pages(host.files).at_boot > 0, "no 1 GiB page is reserved at boot");
  for (const auto& [path, value] : host.files.tmpfiles) {
    if (path.find("1048576kB/nr_hugepages") != std::string::npos)
      ledger.holds(huge_pages(host.files).at_boot > 0, path);
  }
}

void guests_in_huge_pages(const HostCase& host, Ledger& ledger) {
  if (!uses_huge_pages(host)) return;
  const nlohmann::json& ratio = at(host.files, "vm.memory_overcommit_ratio");
  ledger.holds(!ratio.is_number() || ratio.get<double>() <= 1, "memory promised twice");
  std::int64_t needed = 0;
  for (const auto& pool : at(host.files, "resource_pools"))
    needed += pool.at("memory_mb").get<std::int64_t>() * mib;
  ledger.holds(needed <= huge_pages(host.files).bytes, fmt::format("pools need {} bytes", needed));
}

void not_given_back(const HostCase& host, Ledger& ledger) {
  if (!uses_huge_pages(host)) return;
  ledger.holds(!is_on(at(host.files, "vm.default_memory_ballooning")), "ballooning");
  ledger.holds(!is_on(at(host.files, "performance.kernel_same_page_merging")), "merging");
  ledger.holds(number(host.files.tmpfiles, "kernel/mm/ksm/run").value_or(0) != 1, "ksm/run");
}

void min_free(const HostCase& host, Ledger& ledger) {
  const auto kib = number(host.files.sysctl, "vm/min_free_kbytes");
  if (!kib) return;
  ledger.holds(*kib >= 1024 && *kib * 1024 * 50 <= memory_of(host) - huge_pages(host.files).bytes,
               fmt::format("{} KiB", *kib));
}

void dirty(const HostCase& host, Ledger& ledger) {
  const Pairs& sysctl = host.files.sysctl;
  for (const std::string unit : {"ratio", "bytes"}) {
    const auto background = number(sysctl, "vm/dirty_background_" + unit),
               limit = number(sysctl, "vm/dirty_" + unit);
    if (background && limit) ledger.holds(*background < *limit, unit);
  }
  for (const std::string which : {"vm/dirty_", "vm/dirty_background_"}) {
    const bool ratio = find(sysctl, which + "ratio").has_value(),
               bytes = find(sysctl, which + "bytes").has_value();
    if (ratio || bytes) ledger.holds(ratio != bytes, which + "ratio and bytes");
  }
}

void overcommit_ratio(const HostCase& host, Ledger& ledger) {
  const bool counts = find(host.files.sysctl, "vm/overcommit_memory") == "2";
  for (const char* key : {"vm/overcommit_ratio", "vm/overcommit_kbytes"}) {
    if (find(host.files.sysctl, key)) ledger.holds(counts, key);
  }
}

}  // namespace

std::vector<HostLaw> memory_laws() {
  return {{16, "huge pages fit beside the host's own memory", fit},
          {17, "Formation has the share that is reserved", share_agrees},
          {18, "boot line, sysctl and sysfs request the same number", carriers_agree},
          {19, "Formation has the page size that is reserved", size_agrees},
          {20, "a number of pages follows its size; each size occurs once", size_before_number},
          {21, "1 GiB pages are reserved at boot", gigantic_at_boot},
          {22, "pools fit into the huge pages, and these are promised once", guests_in_huge_pages},
          {23, "huge pages are neither merged nor returned", not_given_back},
          {25, "min_free_kbytes is between 1 MiB and 2 %", min_free},
          {26, "background writing begins first, and both limits use one unit", dirty},
          {27, "overcommit_ratio is set only if it has an effect", overcommit_ratio}};
}

}  // namespace tunec::test
