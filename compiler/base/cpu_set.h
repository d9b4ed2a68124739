// A set of logical CPU numbers in the kernel's list format ("0-3,8"). It is kept as sorted, disjoint,
// non-adjacent runs, so printing is the representation. It behaves like std::set<int>
// (tests/property/base_laws_test.cpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tunec {

class CpuSet {
 public:
  static constexpr int max_cpu = 8191;  // CONFIG_NR_CPUS of the distributions' x86 kernels

  CpuSet() = default;
  // Both ends belong to it; empty if last < first; cut to 0..max_cpu
  static CpuSet of(int first, int last);
  static std::optional<CpuSet> parse(std::string_view list);  // "0-3,8", ""; nothing on any other text

  void insert(int first, int last);
  bool contains(int cpu) const;
  bool empty() const { return runs_.empty(); }
  int size() const;
  std::vector<int> cpus() const;
  std::optional<int> lowest() const;

  CpuSet operator|(const CpuSet& other) const;
  CpuSet operator&(const CpuSet& other) const;
  CpuSet operator-(const CpuSet& other) const;
  bool subset_of(const CpuSet& other) const;
  bool operator==(const CpuSet&) const = default;

  std::string to_string() const;  // "0-3,8"; "" for the empty set
  const std::vector<std::pair<int, int>>& runs() const { return runs_; }

 private:
  std::vector<std::pair<int, int>> runs_;
};

}  // namespace tunec
