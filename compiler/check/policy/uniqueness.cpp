#include "check/policy/uniqueness.h"

#include <algorithm>
#include <map>

#include "plan/platform/intervals.h"

namespace tunec {
namespace {

std::vector<Value> items_of(const Value& value) {
  if (const List* list = value.get_if<List>()) return list->items;
  return {value};
}

// A claim that several hosts of a group share clashes with itself.
bool is_clash(const std::vector<const Claim*>& claims) {
  return claims.size() > 1 || (claims.size() == 1 && claims.front()->subject.hosts.size() > 1);
}

}  // namespace

std::vector<std::string> items_of(const Claim& claim) {
  std::vector<std::string> items;
  for (const Value& item : items_of(claim.value)) items.push_back(claim.per + '\n' + to_text(item));
  return items;
}

std::vector<Clash> repeated_claims(const std::vector<Claim>& claims) {
  std::map<std::pair<std::string, std::string>, Clash> by_value;
  for (const Claim& claim : claims) {
    for (const Value& item : items_of(claim.value)) {
      Clash& clash = by_value[{claim.per, to_text(item)}];
      clash.value = item;
      if (clash.claims.empty() || clash.claims.back() != &claim) clash.claims.push_back(&claim);
    }
  }
  std::vector<Clash> clashes;
  for (auto& [key, clash] : by_value) {
    if (is_clash(clash.claims)) clashes.push_back(std::move(clash));
  }
  return clashes;
}

std::vector<Clash> overlapping_claims(const std::vector<Claim>& claims) {
  std::map<std::string, std::vector<Interval>> by_per;
  for (std::size_t i = 0; i < claims.size(); ++i) add_intervals(i, claims[i].value, by_per[claims[i].per]);
  std::vector<Clash> clashes;
  for (auto& [per, intervals] : by_per) {
    sort_intervals(intervals);
    Clash clash;
    const Interval* widest = nullptr;
    const auto close = [&] {
      if (is_clash(clash.claims)) clashes.push_back(std::move(clash));
      clash = {};
    };
    for (const Interval& next : intervals) {
      const Claim* claim = &claims[next.from];
      const bool overlaps = widest != nullptr && widest->family == next.family && next.low <= widest->high;
      if (!overlaps) close();
      if (std::ranges::find(clash.claims, claim) == clash.claims.end()) {
        clash.value = next.value;
        clash.claims.push_back(claim);
      }
      if (widest == nullptr || !overlaps || next.high > widest->high) widest = &next;
    }
    close();
  }
  return clashes;
}

}  // namespace tunec
