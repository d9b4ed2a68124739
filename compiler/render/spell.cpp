// Spells values for targets. A quantity that is no whole number of its unit is written with its fraction,
// never rounded. check() refuses such values. If one slips through, it is better that the consumer refuses it
// than that it takes another value.
#include "render/spell.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/overloaded.h"
#include "base/quantity.h"
#include "base/units.h"

namespace tunec {
namespace {

using Json = nlohmann::ordered_json;

const EnumValue* word_of(const ParamInfo& param, std::string_view name) {
  const auto found = std::ranges::find(param.values, name, &EnumValue::name);
  return found == param.values.end() ? nullptr : &*found;
}

const std::string& spelling(const EnumValue& word) { return word.spell; }

// The record's own word that a value stands for: a bare word, on or off, or any value if the parameter takes
// only words.
const EnumValue* own_word(const ParamInfo& param, const Value& value) {
  if (param.values.empty()) return nullptr;
  if (const auto* word = value.get_if<Word>()) return word_of(param, word->text);
  if (const auto* on = value.get_if<bool>()) return word_of(param, *on ? "on" : "off");
  const bool closed = param.type == ValueType::enumeration || param.element == ValueType::enumeration;
  return closed && !value.is<List>() ? word_of(param, to_text(value)) : nullptr;
}

std::string_view separator_of(const ParamInfo& param) {
  return param.separator.empty() ? " " : std::string_view(param.separator);
}

bool is_quantity(const Value& value) { return dimension_of(value) != Dimension::none; }

std::int64_t base_of(const ParamInfo& param) {
  const std::optional<Unit> unit = unit_named(param.unit);
  return unit ? unit->base : 1;
}

// As the kernel's memparse() reads it; the largest suffix that keeps the number whole.
std::string spell_kmg(std::int64_t bytes) {
  constexpr std::array<std::pair<char, int>, 3> suffixes{{{'G', 30}, {'M', 20}, {'K', 10}}};
  for (const auto& [suffix, shift] : suffixes) {
    const std::int64_t factor = std::int64_t{1} << shift;
    if (bytes != 0 && bytes % factor == 0) return fmt::format("{}{}", bytes / factor, suffix);
  }
  return std::to_string(bytes);
}

std::string spell_quantity(const ParamInfo& param, const Value& value) {
  const std::int64_t number = base_number(value).value_or(0);
  if (param.unit == "kmg") return spell_kmg(number);
  const std::int64_t base = base_of(param);
  if (number % base == 0) return std::to_string(number / base);
  return decimal_text(static_cast<double>(number) / static_cast<double>(base));
}

// 0:8,1:32 of [8, 32].
std::string spell_by_node(const std::vector<Value>& numbers) {
  std::string text;
  for (std::size_t node = 0; node < numbers.size(); ++node) {
    if (numbers[node] == Value{std::int64_t{0}}) continue;
    text += fmt::format("{}{}:{}", text.empty() ? "" : ",", node, to_text(numbers[node]));
  }
  return text.empty() ? "0" : text;
}

std::string joined(const ParamInfo& param, const std::vector<Value>& values) {
  if (param.by_node) return spell_by_node(values);
  std::vector<std::string> texts;
  for (const Value& value : values) texts.push_back(spell(param, value));
  return fmt::format("{}", fmt::join(texts, separator_of(param)));
}

// 0-3,8: if the type is unknown, the kernel reads a list with ranges as one value.
std::string joined_with_ranges(const ParamInfo& param, const std::vector<Value>& items) {
  std::vector<std::string> texts;
  for (const Value& item : items) {
    const Range* range = item.get_if<Range>();
    texts.push_back(range == nullptr
                        ? spell(param, item)
                        : fmt::format("{}-{}", spell(param, range->ends[0]), spell(param, range->ends[1])));
  }
  return fmt::format("{}", fmt::join(texts, ","));
}

// 25, not 25.0: percentages are whole numbers in every schema that we write.
Json number_json(const Fraction& number) {
  if (const auto whole = number.whole()) return *whole;
  return number.approximate();
}

Json quantity_json(const ParamInfo& param, const Value& value) {
  if (param.unit == "kmg") return spell_quantity(param, value);
  const std::int64_t number = base_number(value).value_or(0);
  const std::int64_t base = base_of(param);
  if (number % base == 0) return number / base;
  return static_cast<double>(number) / static_cast<double>(base);
}

// A word beside numbers may itself be spelt as a number ("off" as 0); a word of an enumeration never is.
Json word_json(const ParamInfo& param, const EnumValue& word) {
  const std::string text = spelling(word);
  const ValueType type = param.type == ValueType::list ? param.element : param.type;
  const bool textual = type == ValueType::enumeration || type == ValueType::string || type == ValueType::any;
  if (!textual && Json::accept(text)) return Json::parse(text);
  return text;
}

Json value_json(const ParamInfo& param, const Value& value);

Json array_json(const ParamInfo& param, const std::vector<Value>& values) {
  Json array = Json::array();
  for (const Value& value : values) array.push_back(value_json(param, value));
  return array;
}

Json value_json(const ParamInfo& param, const Value& value) {
  if (const EnumValue* word = own_word(param, value)) return word_json(param, *word);
  if (is_quantity(value)) return quantity_json(param, value);
  return std::visit(overloaded{
                        [](const Poison&) -> Json { return nullptr; },
                        [](bool on) -> Json { return on; },
                        [](std::int64_t number) -> Json { return number; },
                        [](const Decimal& decimal) { return number_json(decimal.number); },
                        [](const Percent& percent) { return number_json(percent.of_hundred); },
                        [](const Ratio& ratio) -> Json { return ratio.times.approximate(); },
                        [&](const Range& range) { return array_json(param, range.ends); },
                        [&](const List& list) { return array_json(param, list.items); },
                        [&](const auto&) -> Json { return spell(param, value); },
                    },
                    value.v);
}

}  // namespace

std::string spell(const ParamInfo& param, const Value& value) {
  if (const EnumValue* word = own_word(param, value)) return spelling(*word);
  if (is_quantity(value)) return spell_quantity(param, value);
  return std::visit(overloaded{
                        [&](bool on) { return on ? param.spell_on : param.spell_off; },
                        [](const Decimal& decimal) { return decimal.number.text(); },
                        [](const Percent& percent) { return percent.of_hundred.text(); },
                        [](const Ratio& ratio) { return ratio.times.text(); },
                        [](const Word& word) { return word.text; },
                        [&](const Range& range) {  // as one of several items, it is 5900-5964
                          return param.type == ValueType::list
                                     ? fmt::format("{}-{}", spell(param, range.ends[0]),
                                                   spell(param, range.ends[1]))
                                     : joined(param, range.ends);
                        },
                        [&](const List& list) {
                          const bool ranges = param.type == ValueType::any &&
                                              std::ranges::any_of(list.items, &Value::is<Range>);
                          return ranges ? joined_with_ranges(param, list.items) : joined(param, list.items);
                        },
                        [&](const auto&) { return to_text(value); },
                    },
                    value.v);
}

std::string spell(const Setting& setting) { return spell(*setting.param, setting.value); }

std::vector<std::string> spell_items(const Setting& setting) {
  std::vector<std::string> items;
  if (const auto* list = setting.value.get_if<List>()) {
    for (const Value& item : list->items) items.push_back(spell(*setting.param, item));
  } else {
    items.push_back(spell(setting));
  }
  return items;
}

nlohmann::ordered_json to_json(const Setting& setting) { return value_json(*setting.param, setting.value); }

}  // namespace tunec
