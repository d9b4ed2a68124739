#include "plan/platform/meant.h"

#include <algorithm>
#include <numeric>

namespace tunec {
namespace {

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

}  // namespace

std::optional<std::string> as_word(const Value& value) {
  if (const bool* on = value.get_if<bool>()) return *on ? "on" : "off";
  if (const Word* word = value.get_if<Word>()) return word->text;
  if (const auto* text = value.get_if<std::string>()) return *text;
  if (const auto* number = value.get_if<std::int64_t>()) return std::to_string(*number);
  return std::nullopt;
}

std::optional<bool> condition_meant(const Value& value) {
  static constexpr std::string_view on[] = {"on", "yes", "y", "true", "enable", "enabled", "1", "t"};
  static constexpr std::string_view off[] = {"off", "no", "n", "false", "disable", "disabled", "0", "f"};
  const auto word = as_word(value);
  if (!word) return std::nullopt;
  const auto is = [&](const auto& words) {
    return std::ranges::find(words, lower(*word)) != std::end(words);
  };
  if (is(on)) return true;
  return is(off) ? std::optional(false) : std::nullopt;
}

std::string written_as(const ParamInfo& param, ValueType type, bool meant) {
  if (type == ValueType::boolean || type == ValueType::flag) return meant ? "on" : "off";
  for (const EnumValue& word : param.values) {
    if (condition_meant(Value{word.name}) == meant) return word.name;
  }
  const std::int64_t number = meant ? 1 : 0;
  const bool fits = std::ranges::all_of(param.bounds, [&](const Bounds& bounds) {
    const auto low = bounds.lowest ? compare(*bounds.lowest, Value{number}) : std::optional(0);
    const auto high = bounds.highest ? compare(Value{number}, *bounds.highest) : std::optional(0);
    return low && *low <= 0 && high && *high <= 0;
  });
  return type == ValueType::integer && fits ? std::to_string(number) : std::string();
}

std::vector<std::string> items_of_text(const Value& value) {
  const auto* text = value.get_if<std::string>();
  std::vector<std::string> items;
  for (std::string_view rest = text == nullptr ? std::string_view() : *text; !rest.empty();) {
    const std::size_t end = std::min(rest.find_first_of(" \t,"), rest.size());
    if (end > 0) items.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (items.size() < 2) items.clear();
  return items;
}

namespace {

// 9000-9100, a range in the form that consumers of numbers read.
Value number_or_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const Value first = scalar_from_text(text.substr(0, dash));
  if (dash == std::string_view::npos || !first.is<std::int64_t>()) return scalar_from_text(text);
  const Value last = scalar_from_text(text.substr(dash + 1));
  const auto order = last.is<std::int64_t>() ? compare(first, last) : std::nullopt;
  return order && *order <= 0 ? range_of(first, last) : Value{std::string(text)};
}

}  // namespace

std::vector<Value> list_items(const ParamInfo& param, const Value& value) {
  if (const List* list = value.get_if<List>()) return list->items;
  const auto* text = value.get_if<std::string>();
  if (text == nullptr || param.separator.find(',') == std::string::npos) return {value};
  const bool are_words = param.element == ValueType::string || param.element == ValueType::module;
  std::vector<Value> items;
  for (std::string_view rest = *text;;) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view item = rest.substr(0, comma);
    item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
    item.remove_suffix(item.size() - (item.find_last_not_of(' ') + 1));
    items.push_back(are_words ? Value{std::string(item)} : number_or_range(item));
    if (comma == rest.size()) return items;
    rest.remove_prefix(comma + 1);
  }
}

std::optional<Value> sorted_as(const Value& given, const List& converted) {
  const List* list = given.get_if<List>();
  if (list == nullptr || list->items.size() != converted.items.size()) return std::nullopt;
  std::vector<std::size_t> order(list->items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
    return compare(converted.items[a], converted.items[b]).value_or(0) < 0;
  });
  List sorted;
  for (const std::size_t item : order) sorted.items.push_back(list->items[item]);
  return Value{std::move(sorted)};
}

}  // namespace tunec
