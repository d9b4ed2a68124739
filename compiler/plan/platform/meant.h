// What a value of the wrong type probably means.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "catalogue/param.h"

namespace tunec {

// The value as a word, for parameters that take words: `off` and `on` are read as conditions first.
std::optional<std::string> as_word(const Value& value);
// Whether a word of another language means on or off: `yes`, `Y`, `true`.
std::optional<bool> condition_meant(const Value& value);
// This condition in the parameter's own form: `on`, `1`, or a word of its own. Empty if it has none.
std::string written_as(const ParamInfo& param, ValueType type, bool meant);
// The items of "4096 131072 16777216", or of "realloc,assign-busses"; empty if it is one item.
std::vector<std::string> items_of_text(const Value& value);
// The items of a list's value. A text with commas is the list that its consumer makes of it:
// "8080,9000-9100".
std::vector<Value> list_items(const ParamInfo& param, const Value& value);
// The items of a list in the ascending order of what they are converted to; nothing if it is another list.
std::optional<Value> sorted_as(const Value& given, const List& converted);

}  // namespace tunec
