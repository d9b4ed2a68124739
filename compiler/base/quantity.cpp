// Reads and writes numbers with units. Arithmetic is exact: a fraction is accepted if the result is whole
// ("1.5GiB" is a number of bytes, "1.5B" is not). A result that does not fit 64 bits is refused, not rounded.
#include "base/quantity.h"

#include <array>
#include <charconv>

namespace tunec {

namespace {

enum class Dimension { size, duration, bandwidth, percent, ratio };

struct Unit {
  std::string_view name;
  Dimension dimension;
  std::int64_t scale;
};

constexpr std::int64_t kilo = 1000, kibi = 1024, second = 1'000'000'000;

// Within a dimension in order of preference for printing: the first that divides the number is used. At equal
// digits GiB beats GB; see size_text.
constexpr std::array units = {
    Unit{"TiB", Dimension::size, kibi* kibi* kibi* kibi},
    Unit{"GiB", Dimension::size, kibi* kibi* kibi},
    Unit{"MiB", Dimension::size, kibi* kibi},
    Unit{"KiB", Dimension::size, kibi},
    Unit{"TB", Dimension::size, kilo* kilo* kilo* kilo},
    Unit{"GB", Dimension::size, kilo* kilo* kilo},
    Unit{"MB", Dimension::size, kilo* kilo},
    Unit{"KB", Dimension::size, kilo},
    Unit{"B", Dimension::size, 1},
    Unit{"d", Dimension::duration, 86400 * second},
    Unit{"h", Dimension::duration, 3600 * second},
    Unit{"min", Dimension::duration, 60 * second},
    Unit{"s", Dimension::duration, second},
    Unit{"ms", Dimension::duration, second / 1000},
    Unit{"us", Dimension::duration, 1000},
    Unit{"ns", Dimension::duration, 1},
    Unit{"Tbps", Dimension::bandwidth, kilo* kilo* kilo* kilo},
    Unit{"Gbps", Dimension::bandwidth, kilo* kilo* kilo},
    Unit{"Mbps", Dimension::bandwidth, kilo* kilo},
    Unit{"Kbps", Dimension::bandwidth, kilo},
    Unit{"bps", Dimension::bandwidth, 1},
    Unit{"%", Dimension::percent, 1},
    Unit{"x", Dimension::ratio, 1},
};

std::optional<std::int64_t> scaled(std::string_view number, std::int64_t scale) {
  const std::optional<Fraction> value = Fraction::parse(number);
  const std::optional<Fraction> amount = value ? product(*value, Fraction(scale)) : std::nullopt;
  return amount ? amount->whole() : std::nullopt;
}

const Unit* unit_named(std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name) return &unit;
  }
  return nullptr;
}

std::string text_in_largest(std::int64_t amount, Dimension dimension, std::string_view of_zero) {
  if (amount == 0) return std::string("0").append(of_zero);
  for (const Unit& unit : units) {
    if (unit.dimension != dimension || amount % unit.scale != 0) continue;
    return std::to_string(amount / unit.scale) + std::string(unit.name);
  }
  return {};  // not reached: each dimension has a unit of scale 1
}

// 100 GB is 97656250 KiB too: the decimal unit is better when it leaves fewer digits.
std::string size_text(std::int64_t amount) {
  std::string binary, decimal;
  if (amount == 0) return "0B";
  for (const Unit& unit : units) {
    if (unit.dimension != Dimension::size || amount % unit.scale != 0) continue;
    std::string& text = unit.name.ends_with("iB") ? binary : decimal;
    if (text.empty()) text = std::to_string(amount / unit.scale) + std::string(unit.name);
  }
  const auto digits = [](std::string_view text) { return text.find_first_not_of("-0123456789"); };
  return !binary.empty() && digits(binary) <= digits(decimal) ? binary : decimal;
}

}  // namespace

std::string decimal_text(double number) {
  std::array<char, 400> buffer{};  // the largest double has 309 digits before the point
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                    std::chars_format::fixed);
  return result.ec == std::errc{} ? std::string(buffer.data(), result.ptr) : std::string("0");
}

std::optional<Value> quantity(std::string_view number, std::string_view unit_name) {
  const Unit* unit = unit_named(unit_name);
  if (unit == nullptr) return std::nullopt;
  if (unit->dimension == Dimension::percent || unit->dimension == Dimension::ratio) {
    const std::optional<Fraction> value = Fraction::parse(number);
    if (!value) return std::nullopt;
    return unit->dimension == Dimension::percent ? Value{Percent{*value}} : Value{Ratio{*value}};
  }
  const std::optional<std::int64_t> amount = scaled(number, unit->scale);
  if (!amount) return std::nullopt;
  if (unit->dimension == Dimension::size) return Value{Bytes{*amount}};
  if (unit->dimension == Dimension::duration) return Value{Duration{*amount}};
  return Value{Bandwidth{*amount}};
}

const std::vector<std::string_view>& unit_names() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> all;
    for (const Unit& unit : units) all.push_back(unit.name);
    return all;
  }();
  return names;
}

std::string quantity_text(Bytes value) { return size_text(value.count); }
std::string quantity_text(Duration value) {
  return text_in_largest(value.nanoseconds, Dimension::duration, "s");
}
std::string quantity_text(Bandwidth value) {
  return text_in_largest(value.bits_per_second, Dimension::bandwidth, "bps");
}
std::string quantity_text(Percent value) { return value.of_hundred.text() + "%"; }
std::string quantity_text(Ratio value) { return value.times.text() + "x"; }

}  // namespace tunec
