// Values of the language. A quantity keeps its dimension and is held in that dimension's base unit (bytes,
// nanoseconds, bits per second), so units cannot be confused. Value types only: copyable and comparable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/cpu_set.h"
#include "base/fraction.h"
#include "base/out_of_line.h"
#include "base/version.h"

namespace tunec {

struct Value;

// The result of an expression whose mistake was already reported. Later stages report nothing about it, so
// that one mistake stays one diagnostic.
struct Poison {
  bool operator==(const Poison&) const = default;
};
struct Bytes {
  std::int64_t count = 0;
  auto operator<=>(const Bytes&) const = default;
};
struct Duration {
  std::int64_t nanoseconds = 0;
  auto operator<=>(const Duration&) const = default;
};
struct Bandwidth {
  std::int64_t bits_per_second = 0;
  auto operator<=>(const Bandwidth&) const = default;
};
struct Percent {
  Fraction of_hundred;
  auto operator<=>(const Percent&) const = default;
};
struct Ratio {
  Fraction times{1};
  auto operator<=>(const Ratio&) const = default;
};
// A number with a fraction. The text of a literal is kept, because "5.10" may turn out to be a version.
struct Decimal {
  Fraction number;
  std::string text;
  bool operator==(const Decimal& other) const { return number == other.number; }
};
// module: a kernel module's name, in which `-` and `_` are one letter: vfio-pci is vfio_pci.
enum class WordKind { symbol, address, prefix, mac, pci_id, pci_address, module };
// A bare word (`mq-deadline`, `intel`) or a literal whose text is its value (10.8.0.1/24, 10de:2206).
struct Word {
  WordKind kind = WordKind::symbol;
  std::string text;
  bool operator==(const Word&) const = default;
};
// A literal in its one spelling, so that two texts are equal if they name the same thing: devices in lower
// case, PCI addresses with their domain.
Word literal_word(WordKind kind, std::string_view text);
struct Date {
  int year = 0, month = 0, day = 0;
  auto operator<=>(const Date&) const = default;
  static std::optional<Date> parse(std::string_view text);  // 2027-03-31
};
std::int64_t days_between(Date from, Date to);  // negative if `to` is before
struct List {
  std::vector<Value> items;
  bool operator==(const List&) const;
};
struct Range {              // both ends belong to it
  std::vector<Value> ends;  // exactly two
  bool operator==(const Range&) const;
};

using ValueAlternatives = std::variant<Poison, bool, std::int64_t, Decimal, Bytes, Duration, Percent, Ratio,
                                       Bandwidth, Word, std::string, CpuSet, Version, Date, Range, List>;
struct Value {
  OutOfLine<ValueAlternatives> v;

  template <class T>
  bool is() const {
    return std::holds_alternative<T>(v);
  }
  template <class T>
  const T& as() const {
    return std::get<T>(v);
  }
  template <class T>
  const T* get_if() const {
    return std::get_if<T>(&v);
  }
  bool poisoned() const { return is<Poison>(); }
  bool operator==(const Value&) const = default;
};

inline Value symbol(std::string text) { return {Word{WordKind::symbol, std::move(text)}}; }
Value list_of(std::vector<Value> items);
Value range_of(Value lowest, Value highest);

// "16MiB" as number and unit; nothing if the unit is not one of ours. Whole numbers stay exact.
std::optional<Value> quantity(std::string_view number, std::string_view unit);
// One scalar as YAML or a quoted string gives it: 64GiB, 25%, on, 10de:2206, 6.8, mq-deadline.
Value scalar_from_text(std::string_view text);
// Every unit `quantity` takes, for suggestions.
const std::vector<std::string_view>& unit_names();

// As one would write it in a .tune file: 16MiB, "a b", [0..3, 8], 2..16.
std::string to_source(const Value& value);
// With no quotes around strings, for messages and interpolation.
std::string to_text(const Value& value);
// "size", "CPU set", "word", … with no article.
std::string_view type_name(const Value& value);
// Three-way comparison of two scalars of one dimension (numbers, quantities, versions, dates, strings);
// nothing where they do not compare. A Decimal or whole number compares with a Version by its text.
std::optional<int> compare(const Value& a, const Value& b);
// compare() == 0, or structural equality. A word equals a string of the same text. Names of modules are equal
// if they differ only in dashes and underscores.
bool same(const Value& a, const Value& b);
// With underscores, as the kernel calls its modules and their parameters.
std::string module_name(std::string_view text);

}  // namespace tunec
