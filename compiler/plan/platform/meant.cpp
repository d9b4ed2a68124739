#include "plan/platform/meant.h"

#include <algorithm>

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

}  // namespace tunec
