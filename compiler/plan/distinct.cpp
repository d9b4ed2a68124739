#include "plan/distinct.h"

#include <algorithm>
#include <map>

#include "base/network.h"

namespace tunec {
namespace {

std::vector<Value> items_of(const Value& value) {
  if (const List* list = value.get_if<List>()) return list->items;
  return {value};
}

// Ends in; the family keeps IPv4 from IPv6 and both from numbers.
struct Interval {
  int family = 0;
  AddressNumber low = 0, high = 0;
  Value value;
  const Claim* claim = nullptr;
};

void add_intervals(const Claim& claim, const Value& value, std::vector<Interval>& all) {
  const auto number = [](const Value& v) { return v.get_if<std::int64_t>(); };
  if (const List* list = value.get_if<List>()) {
    for (const Value& item : list->items) add_intervals(claim, item, all);
  } else if (const CpuSet* cpus = value.get_if<CpuSet>()) {
    for (const int cpu : cpus->cpus()) all.push_back({0, static_cast<AddressNumber>(cpu), static_cast<AddressNumber>(cpu), Value{std::int64_t{cpu}}, &claim});
  } else if (const auto* one = number(value); one != nullptr && *one >= 0) {
    all.push_back({0, static_cast<AddressNumber>(*one), static_cast<AddressNumber>(*one), value, &claim});
  } else if (const Range* range = value.get_if<Range>()) {
    const auto* low = number(range->ends[0]);
    const auto* high = number(range->ends[1]);
    if (low != nullptr && high != nullptr && *low >= 0) all.push_back({0, static_cast<AddressNumber>(*low), static_cast<AddressNumber>(*high), value, &claim});
  } else if (const auto network = parse_network(to_text(value))) {
    all.push_back({network->family, network->first(), network->last(), value, &claim});
  }
}

// Whether hosts that are alike have it, so that it clashes with itself.
bool is_shared(const Claim& claim) { return claim.subject.hosts.size() > 1; }

}  // namespace

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
    if (clash.claims.size() > 1 || is_shared(*clash.claims.front())) clashes.push_back(std::move(clash));
  }
  return clashes;
}

std::vector<Clash> overlapping_claims(const std::vector<Claim>& claims) {
  std::map<std::string, std::vector<Interval>> by_per;
  for (const Claim& claim : claims) add_intervals(claim, claim.value, by_per[claim.per]);
  std::vector<Clash> clashes;
  for (auto& [per, intervals] : by_per) {
    std::ranges::stable_sort(intervals, [](const Interval& a, const Interval& b) { return std::tie(a.family, a.low, b.high) < std::tie(b.family, b.low, a.high); });
    Clash clash;
    const Interval* widest = nullptr;
    const auto close = [&] {
      if (clash.claims.size() > 1) clashes.push_back(std::move(clash));
      clash = {};
    };
    for (const Interval& next : intervals) {
      const bool overlaps = widest != nullptr && widest->family == next.family && next.low <= widest->high;
      if (!overlaps) close();
      if (is_shared(*next.claim)) {
        clashes.push_back({next.value, {next.claim}});
      } else if (!overlaps || clash.claims.empty()) {
        clash = {next.value, {next.claim}};
      } else if (std::ranges::find(clash.claims, next.claim) == clash.claims.end()) {
        clash.value = next.value;
        clash.claims.push_back(next.claim);
      }
      if (widest == nullptr || !overlaps || next.high > widest->high) widest = &next;
    }
    close();
  }
  return clashes;
}

}  // namespace tunec
