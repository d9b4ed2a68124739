#include "review/blocks.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace tunec {
namespace {

// With so many values of one change, each on its own hosts, nobody reads them one by one.
constexpr std::size_t many_variants = 4;
// Fewer settings are shown as they are.
constexpr std::size_t settings_of_a_collection = 3;

struct Family {
  BlockChange change;
  std::vector<std::string> hosts;
};

using Variants = std::vector<const Change*>;

Family family_of(Variants variants, std::string collection) {
  Family family{{std::move(variants), std::move(collection)}, {}};
  std::set<std::string_view> hosts;
  for (const Change* change : family.change.variants) {
    hosts.insert(change->hosts.begin(), change->hosts.end());
    if (!change->is_felt) continue;
    family.change.is_felt = true;
    family.change.effect = std::max(family.change.effect, change->effect);
  }
  family.hosts.assign(hosts.begin(), hosts.end());
  return family;
}

// Changes of one parameter for one reason that differ in their values alone, and those of one collection.
std::vector<Family> families_of(const Review& review, bool merged) {
  std::map<std::string, Variants> by_reason, by_collection;
  const auto add_by_reason = [&](const Change& change) {
    by_reason[fmt::format("{}\n{}\n{}\n{}\n{}\n{}", change.name, change.effect, change.is_felt,
                          static_cast<int>(change.cause), change.because, change.risk)]
        .push_back(&change);
  };
  for (const Change& change : review.changes) {
    if (merged && !change.collection.empty())
      by_collection[fmt::format("{}\n{}", change.collection, change.added)].push_back(&change);
    else add_by_reason(change);
  }
  std::vector<Family> families;
  for (auto& [key, changes] : by_collection) {
    Family family = family_of(std::move(changes), key.substr(0, key.find('\n')));
    if (family.change.settings() >= settings_of_a_collection) {
      families.push_back(std::move(family));
      continue;
    }
    for (const Change* change : family.change.variants) add_by_reason(*change);
  }
  for (auto& [reason, changes] : by_reason) {
    if (merged && changes.size() >= many_variants) {
      families.push_back(family_of(std::move(changes), ""));
      continue;
    }
    for (const Change* change : changes) families.push_back(family_of({change}, ""));
  }
  return families;
}

void mark_odd(std::vector<Block>& blocks) {
  constexpr std::size_t far_more = 3;
  std::unordered_map<std::string_view, std::size_t> most;  // hosts of one change of a parameter
  for (const Block& block : blocks) {
    for (const BlockChange& change : block.changes) {
      std::size_t& hosts = most[change.name()];
      hosts = std::max(hosts, block.hosts.size());
    }
  }
  for (Block& block : blocks) {
    block.is_odd = std::ranges::any_of(block.changes, [&](const BlockChange& change) {
      return most[change.name()] >= far_more * block.hosts.size();
    });
  }
}

}  // namespace

std::size_t BlockChange::settings() const {
  std::set<std::string_view> names;
  for (const Change* change : variants) names.insert(change->name);
  return names.size();
}

std::vector<std::string_view> reasons_of(const Block& block) {
  std::vector<std::string_view> reasons;
  if (!block.is_felt || block.effect == 0) return reasons;
  for (const BlockChange& change : block.changes) {
    for (const Change* variant : change.variants) {
      if (!variant->is_felt || variant->effect != block.effect) continue;
      if (std::ranges::find(reasons, variant->effect_why) == reasons.end())
        reasons.push_back(variant->effect_why);
    }
  }
  return reasons;
}

std::vector<Block> blocks_of(const Review& review, bool merged) {
  std::map<std::pair<bool, std::vector<std::string>>, Block> by_hosts;
  for (Family& family : families_of(review, merged)) {
    const Change& change = family.change.first();
    Block& block = by_hosts[{change.is_of_site, family.hosts}];
    if (block.changes.empty()) block.hosts = std::move(family.hosts);
    block.is_of_site = change.is_of_site;
    block.effect = std::max(block.effect, family.change.effect);
    block.is_felt = block.is_felt || family.change.is_felt;
    block.has_risk = block.has_risk || std::ranges::any_of(family.change.variants, [](const Change* variant) {
                       return !variant->risk.empty();
                     });
    block.changes.push_back(std::move(family.change));
  }
  std::vector<Block> blocks;
  for (auto& [hosts, block] : by_hosts) blocks.push_back(std::move(block));
  mark_odd(blocks);
  const auto rank = [](const Block& block) {
    return std::tuple(!block.is_felt, block.is_of_site, !block.is_odd,
                      -static_cast<std::ptrdiff_t>(block.effect), -std::ssize(block.hosts));
  };
  std::ranges::stable_sort(blocks, {}, rank);
  for (Block& block : blocks) {
    std::ranges::stable_sort(block.changes, {}, [](const BlockChange& change) {
      return std::tuple(!change.is_felt, -static_cast<std::ptrdiff_t>(change.effect));
    });
  }
  return blocks;
}

}  // namespace tunec
