#include "check/policy/host_groups.h"

#include <algorithm>
#include <unordered_map>

namespace tunec {
namespace {

// Numbers pairs of numbers by their first occurrence. If a table of all pairs is not much larger than the
// number of hosts, it is far quicker than a map.
class PairNumbers {
 public:
  PairNumbers(const HostColumn& first, const HostColumn& second) : seconds_(second.distinct) {
    constexpr std::uint64_t slots_for_a_host = 16;
    const std::uint64_t pairs = std::uint64_t{first.distinct} * second.distinct;
    if (pairs <= slots_for_a_host * first.of_host.size()) table_.resize(pairs);
  }
  std::uint32_t of(std::uint32_t first, std::uint32_t second) {
    const std::uint64_t pair = std::uint64_t{first} * seconds_ + second;
    std::uint32_t& number = table_.empty() ? map_[pair] : table_[pair];
    if (number == 0) number = ++size_;
    return number - 1;
  }
  std::uint32_t size() const { return size_; }

 private:
  std::uint64_t seconds_;
  std::vector<std::uint32_t> table_;  // number + 1; 0: none yet
  std::unordered_map<std::uint64_t, std::uint32_t> map_;
  std::uint32_t size_ = 0;
};

HostColumn refined(const HostColumn& coarse, const HostColumn& by) {
  HostColumn fine;
  fine.of_host.reserve(coarse.of_host.size());
  PairNumbers numbers(coarse, by);
  for (std::size_t host = 0; host < coarse.of_host.size(); ++host)
    fine.of_host.push_back(numbers.of(coarse.of_host[host], by.of_host[host]));
  fine.distinct = numbers.size();
  return fine;
}

}  // namespace

// Of the columns that differ at all, many policies read the same few, or begin with the same ones. A column
// that splits nothing returns the partition before it, without a copy.
const HostColumn& HostGroups::partition(const Columns& columns) const { return *shared_partition(columns); }

std::shared_ptr<const HostColumn> HostGroups::shared_partition(const Columns& columns) const {
  if (const auto found = partitions_.find(columns); found != partitions_.end()) return found->second;
  std::shared_ptr<const HostColumn> numbers;
  if (columns.empty()) {
    const std::size_t hosts = columns_.plan().hosts.size();
    numbers = std::make_shared<HostColumn>(
        HostColumn{std::vector<std::uint32_t>(hosts), hosts == 0 ? 0U : 1U});
  } else if (columns.size() == 1) {
    numbers = std::make_shared<HostColumn>(columns_.column(columns.front()));
  } else {
    numbers = shared_partition({columns.begin(), columns.end() - 1});
    // If every host is already alone, no column can split further.
    if (numbers->distinct < numbers->of_host.size()) {
      HostColumn fine = refined(*numbers, columns_.column(columns.back()));
      if (fine.distinct > numbers->distinct) numbers = std::make_shared<HostColumn>(std::move(fine));
    }
  }
  return partitions_.emplace(columns, numbers).first->second;
}

std::vector<HostGroup> HostGroups::of(const PolicyReads& reads) const {
  const HostColumn& verdicts = partition(columns_.of(reads));
  const HostColumn& layouts = partition(columns_.of_instances(reads));
  const std::vector<bool> with_own = columns_.with_own_settings(reads);
  std::vector<HostGroup> groups;
  std::vector<std::size_t> group_of_verdict(verdicts.distinct);  // in the current class: its number + 1
  for (const HostPlans& hosts : columns_.classes()) {
    std::vector<HostGroup> shared;
    for (const HostPlan* host : hosts) {
      const std::size_t number = columns_.host_number(*host);
      const std::uint32_t verdict = verdicts.of_host[number];
      if (with_own[number]) {
        groups.push_back({{host}, verdict, layouts.of_host[number]});
        continue;
      }
      std::size_t& group = group_of_verdict[verdict];
      if (group == 0) {
        shared.push_back({{}, verdict, layouts.of_host[number]});
        group = shared.size();
      }
      shared[group - 1].hosts.push_back(host);
    }
    for (HostGroup& group : shared) {
      group_of_verdict[group.same_verdict_as] = 0;
      groups.push_back(std::move(group));
    }
  }
  return groups;
}

std::vector<HostPlans> HostGroups::by_verdict(const PolicyReads& reads) const {
  const HostColumn& verdicts = partition(columns_.of(reads));
  std::vector<HostPlans> groups(verdicts.distinct);
  const std::vector<HostPlan>& hosts = columns_.plan().hosts;
  for (std::size_t i = 0; i < hosts.size(); ++i) groups[verdicts.of_host[i]].push_back(&hosts[i]);
  return groups;
}

}  // namespace tunec
