// The table of units; the one place that knows their sizes in parameters (quantities of the language:
// value.cpp).
#include "base/units.h"

#include <algorithm>
#include <array>
#include <utility>

namespace tunec {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr std::array<std::pair<std::string_view, Unit>, 25> units{{
    {"", {Dimension::none, 1}},
    {"%", {Dimension::none, 1}},
    {"B", {Dimension::size, 1}},
    {"kmg", {Dimension::size, 1}},
    {"KiB", {Dimension::size, 1LL << 10}},
    {"MiB", {Dimension::size, 1LL << 20}},
    {"GiB", {Dimension::size, 1LL << 30}},
    {"TiB", {Dimension::size, 1LL << 40}},
    {"KB", {Dimension::size, 1'000}},
    {"MB", {Dimension::size, 1'000'000}},
    {"GB", {Dimension::size, 1'000'000'000}},
    {"TB", {Dimension::size, 1'000'000'000'000}},
    {"page", {Dimension::size, 4096}},
    {"ns", {Dimension::duration, 1}},
    {"us", {Dimension::duration, 1'000}},
    {"ms", {Dimension::duration, 1'000'000}},
    {"cs", {Dimension::duration, 10'000'000}},
    {"s", {Dimension::duration, second}},
    {"min", {Dimension::duration, 60 * second}},
    {"h", {Dimension::duration, 3600 * second}},
    {"d", {Dimension::duration, 86400 * second}},
    {"bps", {Dimension::bandwidth, 1}},
    {"Kbps", {Dimension::bandwidth, 1'000}},
    {"Mbps", {Dimension::bandwidth, 1'000'000}},
    {"Gbps", {Dimension::bandwidth, 1'000'000'000}},
}};

}  // namespace

std::optional<Unit> unit_named(std::string_view name) {
  const auto* found = std::ranges::find(units, name, [](const auto& unit) { return unit.first; });
  if (found == units.end()) return std::nullopt;
  return found->second;
}

std::optional<Value> in_unit(std::int64_t count, Unit unit) {
  std::int64_t number = 0;
  if (__builtin_mul_overflow(count, unit.base, &number)) return std::nullopt;
  switch (unit.dimension) {
    case Dimension::none: return Value{number};
    case Dimension::size: return Value{Bytes{number}};
    case Dimension::duration: return Value{Duration{number}};
    case Dimension::bandwidth: return Value{Bandwidth{number}};
  }
  return std::nullopt;
}

std::optional<std::int64_t> base_number(const Value& value) {
  if (const auto* number = value.get_if<std::int64_t>()) return *number;
  if (const auto* size = value.get_if<Bytes>()) return size->count;
  if (const auto* duration = value.get_if<Duration>()) return duration->nanoseconds;
  if (const auto* bandwidth = value.get_if<Bandwidth>()) return bandwidth->bits_per_second;
  return std::nullopt;
}

Dimension dimension_of(const Value& value) {
  if (value.is<Bytes>()) return Dimension::size;
  if (value.is<Duration>()) return Dimension::duration;
  if (value.is<Bandwidth>()) return Dimension::bandwidth;
  return Dimension::none;
}

}  // namespace tunec
