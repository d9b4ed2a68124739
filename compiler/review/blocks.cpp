#include "review/blocks.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace tunec {
namespace {

// With so many values of one change, each on its own hosts, nobody reads them one by one.
constexpr std::size_t many_variants = 4;

struct Family {
  BlockChange change;
  std::vector<std::string> hosts;
};

// Changes of one parameter for one reason that differ in their values alone.
std::vector<Family> families_of(const Review& review, bool merged) {
  std::map<std::string, std::vector<const Change*>> by_reason;
  for (const Change& change : review.changes) {
    by_reason[fmt::format("{}\n{}\n{}\n{}\n{}\n{}", change.name, change.effect, change.is_felt,
                          static_cast<int>(change.cause), change.because, change.risk)]
        .push_back(&change);
  }
  std::vector<Family> families;
  for (const auto& [reason, changes] : by_reason) {
    if (!merged || changes.size() < many_variants) {
      for (const Change* change : changes) families.push_back({{{change}}, change->hosts});
      continue;
    }
    Family& family = families.emplace_back(Family{{changes}, {}});
    for (const Change* change : changes)
      family.hosts.insert(family.hosts.end(), change->hosts.begin(), change->hosts.end());
    std::ranges::sort(family.hosts);
  }
  return families;
}

void mark_odd(std::vector<Block>& blocks) {
  constexpr std::size_t far_more = 3;
  std::unordered_map<std::string_view, std::size_t> most;  // hosts of one change of a parameter
  for (const Block& block : blocks) {
    for (const BlockChange& change : block.changes) {
      std::size_t& hosts = most[change.first().name];
      hosts = std::max(hosts, block.hosts.size());
    }
  }
  for (Block& block : blocks) {
    block.is_odd = std::ranges::any_of(block.changes, [&](const BlockChange& change) {
      return most[change.first().name] >= far_more * block.hosts.size();
    });
  }
}

}  // namespace

std::vector<std::string_view> reasons_of(const Block& block) {
  std::vector<std::string_view> reasons;
  for (const BlockChange& change : block.changes) {
    const Change& first = change.first();
    if (!block.is_felt || block.effect == 0 || !first.is_felt || first.effect != block.effect) continue;
    if (std::ranges::find(reasons, first.effect_why) == reasons.end()) reasons.push_back(first.effect_why);
  }
  return reasons;
}

std::vector<Block> blocks_of(const Review& review, bool merged) {
  std::map<std::vector<std::string>, Block> by_hosts;
  for (Family& family : families_of(review, merged)) {
    Block& block = by_hosts[family.hosts];
    if (block.changes.empty()) block.hosts = std::move(family.hosts);
    const Change& change = family.change.first();
    if (change.is_felt) block.effect = std::max(block.effect, change.effect);
    block.is_felt = block.is_felt || change.is_felt;
    block.has_risk = block.has_risk || !change.risk.empty();
    block.changes.push_back(family.change);
  }
  std::vector<Block> blocks;
  for (auto& [hosts, block] : by_hosts) blocks.push_back(std::move(block));
  mark_odd(blocks);
  const auto rank = [](const Block& block) {
    return std::tuple(!block.is_felt, !block.is_odd, -static_cast<std::ptrdiff_t>(block.effect),
                      -std::ssize(block.hosts));
  };
  std::ranges::stable_sort(blocks, {}, rank);
  for (Block& block : blocks) {
    std::ranges::stable_sort(block.changes, {}, [](const BlockChange& change) {
      return std::tuple(!change.first().is_felt, -static_cast<std::ptrdiff_t>(change.first().effect));
    });
  }
  return blocks;
}

}  // namespace tunec
