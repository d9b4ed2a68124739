// What an expression reads of a host, and whether two hosts differ in that.
//
// A leaf is the smallest thing that can be read: "memory", "cpu.vendor", "nic" (the list of network cards),
// "nic.speed" (of each of them), "label.role", "name". An evaluation records the leaves that it reads. If two
// hosts agree in these, they give the same result (1). So one evaluation serves both, however much else
// differs.
//
// (1) Claim: two hosts that agree in the leaves of one evaluation give the same result. Why: an evaluation is
// deterministic, and its next read depends only on the values that it has read. By induction, both
// evaluations read the same leaves and find the same values. Test: tests/property/class_laws_test.cpp.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "machine/devices.h"
#include "machine/facts.h"

namespace tunec {

// Everything that an expression can read of one host.
struct HostRecord {
  const Facts* facts = nullptr;
  const Labels* labels = nullptr;  // null: none
  std::string_view name;
  std::span<const std::string> groups;
};

using FactReads = std::set<std::string, std::less<>>;  // leaves

bool is_of_the_host(std::string_view leaf);  // "name", "number", "groups": they say nothing about the machine
std::string declared_leaf(std::size_t part);
// The value of a leaf; Poison if it is unknown for this host, nothing if there is no such leaf.
std::optional<Value> leaf_value(const HostRecord& host, std::string_view leaf);

// A host's facts for expressions: every access is recorded.
class RecordedFacts {
 public:
  RecordedFacts(HostRecord host, FactReads& reads) : host_(host), reads_(reads) {}

  std::optional<Value> leaf(std::string_view name);
  std::vector<MachineItem> items(std::string_view collection);
  std::optional<Value> item(std::string_view collection, std::size_t index, std::string_view field);
  const std::vector<CpuSet>& cores();
  const std::vector<NumaNode>& nodes();
  const std::vector<PciDevice>& pci();

 private:
  void add_collection(std::string_view collection);

  HostRecord host_;
  FactReads& reads_;
};

// Small numbers for the values of leaves: hosts have the same number if, and only if, they have the same
// value. They are computed when first needed, once for each Facts or Labels object. Not safe for several
// threads.
class FactNumbers {
 public:
  using Projection = std::vector<std::uint32_t>;

  // Sets the leaves "declared.0", "declared.1", …: the parts of a host's declarations that may differ among
  // the hosts of a class.
  void set_declared(std::string_view host, std::vector<std::string> parts);
  // One number for each leaf, in the order of `reads`.
  Projection project(const FactReads& reads, const HostRecord& host);
  std::uint32_t number(std::string_view leaf, const HostRecord& host);

 private:
  struct Column {
    std::vector<std::uint32_t> by_object;  // 0: not computed yet
    std::unordered_map<std::string, std::uint32_t> by_value;
  };
  std::uint32_t compute(Column& column, std::string_view leaf, const HostRecord& host);

  std::map<std::string, Column, std::less<>> columns_;
  std::unordered_map<const void*, std::size_t> objects_;  // Facts and Labels
  std::unordered_map<std::string_view, std::vector<std::uint32_t>> declared_;
  std::unordered_map<std::string, std::uint32_t> declared_texts_;
};

// Results of one evaluation for many hosts. A host gets the result of the first host that agrees with it in
// everything that was read there.
template <class Result>
class SharedResults {
 public:
  explicit SharedResults(FactNumbers& numbers) : numbers_(&numbers) {}
  SharedResults(SharedResults&&) =
      default;  // groups point to results: a copy's would point to the original's
  SharedResults& operator=(SharedResults&&) = default;

  // Null: the host has to be evaluated.
  Result* find(const HostRecord& host) {
    for (Group& group : groups_) {
      const auto found = group.by_values.find(numbers_->project(group.reads, host));
      if (found != group.by_values.end()) return found->second;
    }
    return nullptr;
  }
  Result& add(const FactReads& reads, const HostRecord& host, Result result) {
    auto group = groups_.begin();
    while (group != groups_.end() && group->reads != reads) ++group;
    if (group == groups_.end()) group = groups_.insert(group, Group{reads, {}});
    Result& added = results_.emplace_back(std::move(result));
    group->by_values.emplace(numbers_->project(reads, host), &added);
    return added;
  }
  std::deque<Result>& all() { return results_; }  // in the order in which they were added

 private:
  struct Group {
    FactReads reads;
    std::map<FactNumbers::Projection, Result*> by_values;
  };
  FactNumbers* numbers_;
  std::vector<Group> groups_;
  std::deque<Result> results_;
};

}  // namespace tunec
