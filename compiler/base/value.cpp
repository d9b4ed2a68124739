// Compares values. Values of different dimensions never compare. The one exception are decimals and versions:
// "6.10" is read as a decimal until a later stage knows that a version was meant.
#include "base/value.h"

#include <algorithm>
#include <chrono>

#include "base/out_of_line_definitions.h"

namespace tunec {

template struct OutOfLine<ValueAlternatives>;

namespace {

template <class T>
int sign(const T& a, const T& b) {
  if (a < b) return -1;
  return b < a ? 1 : 0;
}

std::optional<Fraction> number_of(const Value& value) {
  if (const auto* whole = value.get_if<std::int64_t>()) return Fraction(*whole);
  if (const auto* decimal = value.get_if<Decimal>()) return decimal->number;
  return std::nullopt;
}

std::optional<Version> version_of(const Value& value) {
  if (const auto* version = value.get_if<Version>()) return *version;
  if (const auto* text = value.get_if<std::string>()) return Version::parse(*text);
  if (value.is<std::int64_t>() || value.is<Decimal>()) return Version::parse(to_text(value));
  return std::nullopt;
}

template <class T>
std::optional<int> compare_as(const Value& a, const Value& b) {
  if (!a.is<T>() || !b.is<T>()) return std::nullopt;
  return sign(a.as<T>(), b.as<T>());
}

// The text of a string or word; also of a switch, where words are compared with it.
const std::string* text_of(const Value& value) {
  static const std::string on = "on", off = "off";
  if (const auto* flag = value.get_if<bool>()) return *flag ? &on : &off;
  if (const auto* word = value.get_if<Word>()) return &word->text;
  return value.get_if<std::string>();
}

bool same_items(const std::vector<Value>& a, const std::vector<Value>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

}  // namespace

bool List::operator==(const List& other) const { return items == other.items; }
bool Range::operator==(const Range& other) const { return ends == other.ends; }

Value list_of(std::vector<Value> items) { return {List{std::move(items)}}; }

Value range_of(Value lowest, Value highest) {
  Range range;
  range.ends.push_back(std::move(lowest));
  range.ends.push_back(std::move(highest));
  return {std::move(range)};
}

std::optional<int> compare(const Value& a, const Value& b) {
  if (a.is<Version>() || b.is<Version>()) {
    const std::optional<Version> left = version_of(a);
    const std::optional<Version> right = version_of(b);
    if (!left || !right) return std::nullopt;
    return sign(*left, *right);
  }
  const std::optional<Fraction> left = number_of(a);
  const std::optional<Fraction> right = number_of(b);
  if (left && right) return sign(*left, *right);
  for (const auto compare_one :
       {compare_as<Bytes>, compare_as<Duration>, compare_as<Bandwidth>, compare_as<Percent>,
        compare_as<Ratio>, compare_as<Date>, compare_as<std::string>}) {
    if (const std::optional<int> order = compare_one(a, b)) return order;
  }
  return std::nullopt;
}

std::string module_name(std::string_view text) {
  std::string name(text);
  std::ranges::replace(name, '-', '_');
  return name;
}

bool same(const Value& a, const Value& b) {
  if (const std::optional<int> order = compare(a, b)) return *order == 0;
  if (a.is<List>() && b.is<List>()) return same_items(a.as<List>().items, b.as<List>().items);
  if (a.is<Range>() && b.is<Range>()) return same_items(a.as<Range>().ends, b.as<Range>().ends);
  const bool worded = a.is<Word>() || b.is<Word>();
  const auto is_module = [](const Value& value) {
    const Word* word = value.get_if<Word>();
    return word != nullptr && word->kind == WordKind::module;
  };
  const std::string* left = text_of(a);
  const std::string* right = text_of(b);
  if (left != nullptr && right != nullptr && (is_module(a) || is_module(b)))
    return module_name(*left) == module_name(*right);
  if (worded && left != nullptr && right != nullptr) return *left == *right;
  return a == b;
}

std::int64_t days_between(Date from, Date to) {
  const auto day = [](Date date) {
    return std::chrono::sys_days{std::chrono::year{date.year} / static_cast<unsigned>(date.month) /
                                 static_cast<unsigned>(date.day)};
  };
  return (day(to) - day(from)).count();
}

}  // namespace tunec
