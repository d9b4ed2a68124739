// The units of parameters. A unit has a dimension, and a size in that dimension's base unit. The language's
// own quantities (base/value.h) are in base units.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/value.h"

namespace tunec {

enum class Dimension : std::uint8_t { none, size, duration, bandwidth };

struct Unit {
  Dimension dimension = Dimension::none;
  std::int64_t base = 1;  // 1 KiB is 1024 bytes
};

// "KiB", "page" (4 KiB), "ms", "Mbps", "" (a plain number), "kmg" (bytes, written with the kernel's
// suffixes).
std::optional<Unit> unit_named(std::string_view name);
// `count` of a unit as a value of its dimension; nothing on overflow.
std::optional<Value> in_unit(std::int64_t count, Unit unit);
// The base-unit number of a size, duration, bandwidth or whole number; nothing for others.
std::optional<std::int64_t> base_number(const Value& value);
Dimension dimension_of(const Value& value);

}  // namespace tunec
