// Functions over ports, addresses and prefixes.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "plan/evaluate.h"
#include "plan/intervals.h"

namespace tunec {
namespace {

using Result = std::variant<Value, std::string>;

List listed(const Value& value) { return value.is<List>() ? value.as<List>() : List{{value}}; }

// 10.8.0.1/24: the address alone, or the network alone.
Result parts(const Value& prefixes, WordKind kind) {
  List found;
  for (const Value& item : listed(prefixes).items) {
    if (item.is<List>()) {  // of several peers
      Result inner = parts(item, kind);
      if (std::holds_alternative<std::string>(inner)) return inner;
      const List& more = std::get<Value>(inner).as<List>();
      found.items.insert(found.items.end(), more.items.begin(), more.items.end());
      continue;
    }
    const auto network = parse_network(to_text(item));
    if (!network) return fmt::format("{} is neither an address nor a prefix", to_source(item));
    found.items.push_back({Word{kind, kind == WordKind::address ? address_text(*network) : prefix_text(*network)}});
  }
  return Value{std::move(found)};
}

// vpn.example.net:51820, [fd00::1]:51820
Result port(const Value& endpoint) {
  const std::string text = to_text(endpoint);
  const char* begin = text.data() + text.rfind(':') + 1;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return fmt::format("{} does not end in a port", to_source(endpoint));
  return Value{number};
}

Result overlapping(const Value& list) {
  std::vector<Interval> all;
  add_intervals(0, list, all);
  sort_intervals(all);
  std::vector<bool> met(all.size());
  std::size_t widest = 0;  // of those before, the one that reaches farthest
  for (std::size_t i = 1; i < all.size(); ++i) {
    if (all[widest].meets(all[i])) met[widest] = met[i] = true;
    if (all[widest].family != all[i].family || all[i].high > all[widest].high) widest = i;
  }
  List found;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (met[i] && (found.items.empty() || !same(found.items.back(), all[i].value))) found.items.push_back(all[i].value);
  }
  return Value{std::move(found)};
}

}  // namespace

std::optional<Result> call_network_function(std::string_view name, const std::vector<Value>& a) {
  if (name == "addresses") return parts(a[0], WordKind::address);
  if (name == "networks") return parts(a[0], WordKind::prefix);
  if (name == "port") return port(a[0]);
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
    std::vector<Interval> one;
    add_intervals(0, item, one);
    if (one.size() == 1 && std::ranges::any_of(around, [&](const Interval& wide) { return wide.holds(one.front()); })) held.items.push_back(item);
  }
  return Value{std::move(held)};
}

}  // namespace tunec
