#include "check/policy/host_groups.h"

#include <algorithm>
#include <unordered_map>

namespace tunec {
namespace {

HostColumn refined(const HostColumn& coarse, const HostColumn& by) {
  HostColumn fine;
  fine.of_host.reserve(coarse.of_host.size());
  std::unordered_map<std::uint64_t, std::uint32_t> numbers;
  for (std::size_t host = 0; host < coarse.of_host.size(); ++host) {
    const std::uint64_t both = std::uint64_t{coarse.of_host[host]} << 32 | by.of_host[host];
    fine.of_host.push_back(
        numbers.try_emplace(both, static_cast<std::uint32_t>(numbers.size())).first->second);
  }
  fine.distinct = static_cast<std::uint32_t>(numbers.size());
  return fine;
}

}  // namespace

// Many policies read the same few columns that differ at all, or begin with the same ones.
const HostColumn& HostGroups::partition(const Columns& columns) const {
  const auto [found, first] = partitions_.try_emplace(columns);
  HostColumn& numbers = found->second;
  if (!first) return numbers;
  if (columns.empty()) {
    numbers.of_host.resize(columns_.plan().hosts.size());
    numbers.distinct = numbers.of_host.empty() ? 0 : 1;
  } else if (columns.size() == 1) {
    numbers = columns_.column(columns.front());
  } else {
    const HostColumn& coarse = partition({columns.begin(), columns.end() - 1});
    // No column can split what is split into single hosts.
    numbers = coarse.distinct == coarse.of_host.size() ? coarse
                                                       : refined(coarse, columns_.column(columns.back()));
  }
  return numbers;
}

std::vector<HostGroup> HostGroups::of(const PolicyReads& reads) const {
  const HostColumn& verdicts = partition(columns_.of(reads));
  const HostColumn& layouts = partition(columns_.of_instances(reads));
  const std::vector<bool> with_own = columns_.with_own_settings(reads);
  std::vector<HostGroup> groups;
  std::vector<std::size_t> group_of_verdict(verdicts.distinct);  // in the class at hand: its number + 1
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
