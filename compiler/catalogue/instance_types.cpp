#include "catalogue/instance_types.h"

#include <algorithm>
#include <charconv>

#include "base/units.h"
#include "catalogue/param_text.h"

namespace tunec {
namespace {

std::optional<std::int64_t> whole(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc{} || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

// 1GiB, and the kernel's spellings of it: 1G, 1048576kB, or a number of bytes.
std::optional<std::int64_t> bytes_of(const Value& value) {
  if (const auto* size = value.get_if<Bytes>()) return size->count;
  const std::string text = to_text(value);
  const Value read = scalar_from_text(text);
  if (const auto* size = read.get_if<Bytes>()) return size->count;
  const std::size_t unit = text.find_first_not_of("0123456789");
  if (unit == std::string::npos) return whole(text);
  const auto count = whole(std::string_view(text).substr(0, unit));
  constexpr std::string_view letters = "kmgt";
  std::string suffix = text.substr(unit);
  std::ranges::transform(suffix, suffix.begin(), [](unsigned char c) { return std::tolower(c); });
  if (suffix.ends_with('b')) suffix.pop_back();
  const std::size_t power = suffix.size() == 1 ? letters.find(suffix.front()) : std::string_view::npos;
  std::int64_t bytes = 0;
  if (!count || power == std::string_view::npos ||
      __builtin_mul_overflow(*count, std::int64_t{1} << (10 * (power + 1)), &bytes))
    return std::nullopt;
  return bytes;
}

std::string with_letter(std::int64_t bytes) {
  std::string_view letters = "KMGT";
  std::string letter;
  while (!letters.empty() && bytes > 0 && bytes % 1024 == 0) {
    letter = letters.front();
    letters.remove_prefix(1);
    bytes /= 1024;
  }
  return std::to_string(bytes) + letter;
}

}  // namespace

ModuleUse read_module_use(Record& record, std::string_view key) {
  const yaml::Node* node = record.find(key);
  if (node == nullptr) return ModuleUse::none;
  if (node->scalar == "loaded modules") return ModuleUse::loaded;
  if (node->scalar == "kept out modules") return ModuleUse::kept_out;
  if (node->scalar != "mentioned modules")
    record.bad(*node,
               fmt::format("`{}` is `loaded modules`, `kept out modules` or `mentioned modules`", key));
  return ModuleUse::mentioned;
}

void read_instance_types(Record& record, ParamInfo& param) {
  param.by_node = record.text("by_node") == "true";
  param.aliases = record.texts("also");
  const yaml::Node* node = record.find("instances");
  if (node == nullptr) return;
  for (const auto& item : node->items) {
    const bool is_map = item->kind == yaml::Node::Kind::map;
    const auto part = [&](std::string_view key) {
      const auto found = is_map ? item->find(key) : nullptr;
      return found ? found->scalar : "";
    };
    ParamInfo typed;
    InstanceType& type = param.instance_types.emplace_back();
    if (read_type_name(is_map ? part("type") : item->scalar, typed)) type.type = typed.type;
    type.unit = part("unit");
    type.item = part("of");
    const bool is_size = type.type == ValueType::size;
    if ((type.type != ValueType::any && type.type != ValueType::integer && !is_size) ||
        is_size != (type.unit == "kB" || type.unit == "kmg"))
      record.bad(*item,
                 "an instance is `integer`, `any`, or a size: {type: size, unit: kB} or {…, unit: kmg}");
  }
  const auto count = static_cast<std::size_t>(std::ranges::count(param.name, '('));
  if (param.instance_types.size() != count)
    record.bad(*node, fmt::format("`{}` has {} instances", param.name, count));
}

std::optional<std::string> instance_text(const InstanceType& type, const Value& value) {
  if (type.type == ValueType::integer) {
    const std::string text = to_text(value);
    if (text == "*") return text;  // all of them
    const auto number = whole(text);
    return number ? std::optional(std::to_string(*number)) : std::nullopt;
  }
  if (type.type == ValueType::size) {
    const auto bytes = bytes_of(value);
    if (!bytes || *bytes == 0 || *bytes % 1024 != 0) return std::nullopt;
    return type.unit == "kB" ? fmt::format("{}kB", *bytes / 1024) : with_letter(*bytes);
  }
  if (value.is<Range>() || value.is<List>()) return std::nullopt;
  // A device has one address, whatever its letters and with or without its domain.
  const auto* text = value.get_if<std::string>();
  const Value read = text == nullptr ? value : scalar_from_text(*text);
  const Word* word = read.get_if<Word>();
  return word != nullptr && word->kind == WordKind::pci_address ? word->text : to_text(value);
}

std::string described(const InstanceType& type) {
  if (type.type == ValueType::integer) return "it is a number, or \"*\" for all";
  if (type.type == ValueType::size) return "it is a size, such as 2MiB or 1GiB";
  return "it is a text";
}

}  // namespace tunec
