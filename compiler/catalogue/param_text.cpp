#include "catalogue/param_text.h"

#include <algorithm>
#include <array>

#include "base/units.h"

namespace tunec {
namespace {

constexpr std::array<std::pair<std::string_view, ValueType>, 22> type_names{{
    {"any", ValueType::any},
    {"flag", ValueType::flag},
    {"boolean", ValueType::boolean},
    {"integer", ValueType::integer},
    {"decimal", ValueType::decimal},
    {"string", ValueType::string},
    {"enumeration", ValueType::enumeration},
    {"size", ValueType::size},
    {"duration", ValueType::duration},
    {"percent", ValueType::percent},
    {"ratio", ValueType::ratio},
    {"bandwidth", ValueType::bandwidth},
    {"range", ValueType::range},
    {"cpuset", ValueType::cpuset},
    {"address", ValueType::address},
    {"prefix", ValueType::prefix},
    {"pci_id", ValueType::pci_id},
    {"pci_address", ValueType::pci_address},
    {"mac", ValueType::mac},
    {"version", ValueType::version},
    {"date", ValueType::date},
    {"module", ValueType::module},
}};

// In the order of Effect.
constexpr std::array<std::pair<std::string_view, Effect>, 4> effect_names{{{"live", Effect::live},
                                                                           {"reload", Effect::reload},
                                                                           {"restart", Effect::restart},
                                                                           {"reboot", Effect::reboot}}};

}  // namespace

bool read_type_name(std::string_view text, ParamInfo& param) {
  constexpr std::string_view list = "list of ";
  const bool is_list = text.starts_with(list);
  const auto type = named(type_names, is_list ? text.substr(list.size()) : text);
  if (!type) return false;
  param.type = is_list ? ValueType::list : *type;
  if (is_list) param.element = *type;
  return true;
}

std::optional<Effect> effect_named(std::string_view text) { return named(effect_names, text); }

std::string_view effect_name(Effect effect) {
  return effect_names.at(static_cast<std::size_t>(effect)).first;
}

std::optional<WriteMode> write_mode_named(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, WriteMode>, 8> modes{
      {{"writable", WriteMode::writable},
       {"read-only", WriteMode::read_only},
       {"hardware", WriteMode::hardware},
       {"capability", WriteMode::capability},
       {"trigger", WriteMode::trigger},
       {"effective", WriteMode::unknown},  // the words say when
       {"one-way", WriteMode::one_way},
       {"no-effect", WriteMode::no_effect}}};
  return named(modes, text);
}

std::string type_name(const ParamInfo& param) {
  const auto name = [](ValueType type) {
    return std::string(
        std::ranges::find(type_names, type, [](const auto& entry) { return entry.second; })->first);
  };
  return param.type == ValueType::list ? "list of " + name(param.element) : name(param.type);
}

Value value_in_unit(std::string_view text, const ParamInfo& param) {
  Value value = scalar_from_text(text);
  const ValueType type = param.type == ValueType::list ? param.element : param.type;
  if (const auto* number = value.get_if<std::int64_t>();
      number != nullptr && (type == ValueType::percent || type == ValueType::ratio)) {
    const Fraction plain(*number);
    return type == ValueType::percent ? Value{Percent{plain}} : Value{Ratio{plain}};
  }
  const std::optional<Unit> unit = unit_named(param.unit);
  if (const auto* number = value.get_if<std::int64_t>();
      number != nullptr && unit && unit->dimension != Dimension::none) {
    if (auto scaled = in_unit(*number, *unit)) return *scaled;
  }
  return value;
}

std::optional<Bounds> bounds_from(std::string_view text, const ParamInfo& param) {
  const std::size_t dots = text.find("..");
  if (dots == std::string_view::npos) return std::nullopt;
  Bounds bounds;
  if (dots > 0) bounds.lowest = value_in_unit(text.substr(0, dots), param);
  if (dots + 2 < text.size()) bounds.highest = value_in_unit(text.substr(dots + 2), param);
  return bounds;
}

}  // namespace tunec
