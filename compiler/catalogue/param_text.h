// The texts of records: names of types and effects, amounts in a record's unit, and ranges.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "catalogue/param.h"

namespace tunec {

// The entry of a table of names; nothing if it has none of this name.
template <class T, std::size_t N>
std::optional<T> named(const std::array<std::pair<std::string_view, T>, N>& names, std::string_view name) {
  const auto* found = std::ranges::find(names, name, [](const auto& entry) { return entry.first; });
  if (found == names.end()) return std::nullopt;
  return found->second;
}

// A bound, default or caveat value: bare numbers count in the record's unit.
Value value_in_unit(std::string_view text, const ParamInfo& param);
// "0..100", "1..", "..5"; nothing if it is no range.
std::optional<Bounds> bounds_from(std::string_view text, const ParamInfo& param);

// "integer", "list of size"; false if it is no type.
bool read_type_name(std::string_view text, ParamInfo& param);
std::string type_name(const ParamInfo& param);              // the other way round
std::optional<Effect> effect_named(std::string_view text);  // "reload"
std::string_view effect_name(Effect effect);
std::optional<WriteMode> write_mode_named(std::string_view text);  // "read-only"

}  // namespace tunec
