// CPU sets as people write them: a number, a range, a list, or text.
#include "plan/platform/convert.h"

namespace tunec {

std::optional<CpuSet> as_cpus(const Value& value) {
  if (const CpuSet* cpus = value.get_if<CpuSet>()) return *cpus;
  const auto fits = [](std::int64_t cpu) { return cpu >= 0 && cpu <= CpuSet::max_cpu; };
  if (const auto* cpu = value.get_if<std::int64_t>()) {
    if (!fits(*cpu)) return std::nullopt;
    return CpuSet::of(static_cast<int>(*cpu), static_cast<int>(*cpu));
  }
  if (const Range* range = value.get_if<Range>()) {
    const auto* low = range->ends[0].get_if<std::int64_t>();
    const auto* high = range->ends[1].get_if<std::int64_t>();
    if (low == nullptr || high == nullptr || !fits(*low) || !fits(*high)) return std::nullopt;
    return CpuSet::of(static_cast<int>(*low), static_cast<int>(*high));
  }
  if (const List* list = value.get_if<List>()) {
    CpuSet all;
    for (const Value& item : list->items) {
      const auto part = as_cpus(item);
      if (!part) return std::nullopt;
      all = all | *part;
    }
    return all;
  }
  if (const auto* text = value.get_if<std::string>()) return CpuSet::parse(*text);
  return std::nullopt;
}

}  // namespace tunec
