#include "plan/platform/intervals.h"

#include <algorithm>
#include <tuple>

namespace tunec {

void add_intervals(std::size_t from, const Value& value, std::vector<Interval>& all) {
  const auto number = [](const Value& v) { return v.get_if<std::int64_t>(); };
  if (const List* list = value.get_if<List>()) {
    for (const Value& item : list->items) add_intervals(from, item, all);
  } else if (const CpuSet* cpus = value.get_if<CpuSet>()) {
    for (const int cpu : cpus->cpus())
      all.push_back({0, static_cast<AddressNumber>(cpu), static_cast<AddressNumber>(cpu),
                     Value{std::int64_t{cpu}}, from});
  } else if (const auto* whole = number(value); whole != nullptr && *whole >= 0) {
    all.push_back({0, static_cast<AddressNumber>(*whole), static_cast<AddressNumber>(*whole), value, from});
  } else if (const Range* range = value.get_if<Range>()) {
    const auto* low = number(range->ends[0]);
    const auto* high = number(range->ends[1]);
    if (low != nullptr && high != nullptr && *low >= 0)
      all.push_back({0, static_cast<AddressNumber>(*low), static_cast<AddressNumber>(*high), value, from});
  } else if (const auto network = parse_network(to_text(value))) {
    all.push_back({network->family, network->first(), network->last(), value, from});
  }
}

void sort_intervals(std::vector<Interval>& intervals) {
  std::ranges::stable_sort(intervals, [](const Interval& a, const Interval& b) {
    return std::tie(a.family, a.low, b.high) < std::tie(b.family, b.low, a.high);
  });
}

}  // namespace tunec
