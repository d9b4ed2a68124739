// Functions over ports, addresses and prefixes.
#include <algorithm>

#include <fmt/format.h>

#include "base/whole_number.h"
#include "plan/expr/parts.h"
#include "plan/platform/intervals.h"

namespace tunec {
namespace {

using Result = std::variant<Value, std::string>;

List listed(const Value& value) { return value.is<List>() ? value.as<List>() : List{{value}}; }

// From 10.8.0.1/24, the address alone or the network alone.
Result parts(const Value& prefixes, WordKind kind) {
  List found;
  for (const Value& item : listed(prefixes).items) {
    if (item.is<List>()) {  // the items of several peers
      Result inner = parts(item, kind);
      if (std::holds_alternative<std::string>(inner)) return inner;
      const List& more = std::get<Value>(inner).as<List>();
      found.items.insert(found.items.end(), more.items.begin(), more.items.end());
      continue;
    }
    const auto network = parse_network(to_text(item));
    if (!network) return fmt::format("{} is neither an address nor a prefix", to_source(item));
    found.items.push_back(
        {Word{kind, kind == WordKind::address ? address_text(*network) : prefix_text(*network)}});
  }
  return Value{std::move(found)};
}

// vpn.example.net:51820, [fd00::1]:51820
Result port(const Value& endpoint) {
  const std::string text = to_text(endpoint);
  const auto number = whole_number<std::int64_t>(std::string_view(text).substr(text.rfind(':') + 1));
  if (!number) return fmt::format("{} does not end in a port", to_source(endpoint));
  return Value{*number};
}

using Ports = std::pair<std::int64_t, std::int64_t>;

// 5900, 5900..5964, or "5900-5964" in the kernel's form.
std::optional<Ports> ports_of(const Value& value) {
  const Range* range = value.get_if<Range>();
  const std::string text = to_text(value);
  const std::size_t dash = std::min(text.find('-'), text.size());
  const auto low = whole_number<std::int64_t>(range != nullptr ? to_text(range->ends[0])
                                                               : text.substr(0, dash));
  const auto high = range != nullptr      ? whole_number<std::int64_t>(to_text(range->ends[1]))
                    : dash == text.size() ? low
                                          : whole_number<std::int64_t>(text.substr(dash + 1));
  return low && high && *low >= 0 && *high <= 65535 ? std::optional(Ports{*low, *high}) : std::nullopt;
}

// Neighbouring ranges become one, so that a range which spans several of them lies within one.
Result ports(const Value& list) {
  std::vector<Ports> all, joined;
  for (const Value& item : listed(list).items) {
    const auto some = ports_of(item);
    if (!some) return fmt::format("{} is neither a port nor a range of ports", to_source(item));
    all.push_back(*some);
  }
  std::ranges::sort(all);
  for (const Ports& some : all) {
    if (joined.empty() || some.first > joined.back().second + 1) {
      joined.push_back(some);
    } else {
      joined.back().second = std::max(joined.back().second, some.second);
    }
  }
  List found;
  for (const auto& [low, high] : joined)
    found.items.push_back(low == high ? Value{low} : range_of(Value{low}, Value{high}));
  return Value{std::move(found)};
}

Result overlapping(const Value& list) {
  std::vector<Interval> all;
  add_intervals(0, list, all);
  sort_intervals(all);
  std::vector<bool> met(all.size());
  std::size_t widest = 0;  // among the previous intervals, the one that reaches farthest
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[widest].meets(all[i])) met[widest] = met[i] = true;
    if (all[widest].family != all[i].family || all[i].high > all[widest].high) widest = i;
  }
  List found;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (met[i] && (found.items.empty() || !same(found.items.back(), all[i].value)))
      found.items.push_back(all[i].value);
  }
  return Value{std::move(found)};
}

}  // namespace

std::optional<Result> call_network_function(std::string_view name, const std::vector<Value>& a) {
  if (name == "addresses") return parts(a[0], WordKind::address);
  if (name == "networks") return parts(a[0], WordKind::prefix);
  if (name == "port") return port(a[0]);
  if (name == "ports") return ports(a[0]);
  if (name == "overlapping") return overlapping(a[0]);
  return std::nullopt;
}

std::optional<Value> within_prefixes(const List& items, const Value& prefixes) {
  std::vector<Interval> around;
  for (const Value& prefix : listed(prefixes).items) {
    if (!parse_network(to_text(prefix))) return std::nullopt;
    add_intervals(0, prefix, around);
  }
  List held;
  for (const Value& item : items.items) {
    std::vector<Interval> intervals;
    add_intervals(0, item, intervals);
    if (intervals.size() == 1 &&
        std::ranges::any_of(around, [&](const Interval& wide) { return wide.holds(intervals.front()); }))
      held.items.push_back(item);
  }
  return Value{std::move(held)};
}

}  // namespace tunec
