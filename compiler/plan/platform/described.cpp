// The values that a parameter takes, in words.
#include <fmt/ranges.h>

#include "plan/platform/convert.h"

namespace tunec {
namespace {

std::string_view type_word(ValueType type) {
  switch (type) {
    case ValueType::any: return "a value";
    case ValueType::flag:
    case ValueType::boolean: return "on or off";
    case ValueType::integer: return "a whole number";
    case ValueType::decimal: return "a number";
    case ValueType::string: return "text";
    case ValueType::enumeration: return "a word";
    case ValueType::size: return "a size";
    case ValueType::duration: return "a duration";
    case ValueType::percent: return "a percentage";
    case ValueType::ratio: return "a ratio such as 1.5x, or off";
    case ValueType::bandwidth: return "a bandwidth";
    case ValueType::range: return "a range";
    case ValueType::cpuset: return "a CPU set";
    case ValueType::list: return "a list";
    case ValueType::address: return "an address";
    case ValueType::prefix: return "an address with its prefix length";
    case ValueType::pci_id: return "a PCI id such as 10de:2206";
    case ValueType::pci_address: return "a PCI address such as 0000:65:00.0";
    case ValueType::mac: return "a MAC address";
    case ValueType::version: return "a version";
    case ValueType::date: return "a date";
    case ValueType::module: return "the name of a kernel module";
  }
  return "";
}

}  // namespace

std::string described(const ParamInfo& param) {
  if (param.type == ValueType::enumeration) {
    std::vector<std::string_view> names;
    for (const EnumValue& word : param.values) names.push_back(word.name);
    return fmt::format("one of {}", fmt::join(names, ", "));
  }
  if (param.type == ValueType::list) return fmt::format("a list, each {}", type_word(param.element));
  std::string text(type_word(param.type));
  if (!param.unit.empty() && param.unit != "B" && param.unit != "kmg" && param.unit != "%")
    text += param.unit == "page" ? " in pages of 4 KiB" : " in " + param.unit;
  if (param.by_node) text += ", or one for each NUMA node as in [8, 32]";
  for (const EnumValue& word : param.values) text += fmt::format(" or `{}`", word.name);
  return text;
}

bool is_placeholder(std::string_view text) {
  if (text.size() > 2 && text.front() == '<' && text.back() == '>') return true;
  return text == "X-Y" || text == "TIMESTAMP" || text.find("1234567890abcdef") != std::string_view::npos;
}

}  // namespace tunec
