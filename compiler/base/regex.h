// Regular expressions, which records of parameters use for the form of a text. An expression must fit the
// whole text, byte by byte. The engine is RE2, which neither backtracks nor recurses: an expression that a
// site brings cannot hang tunec or overflow its stack. Each thread compiles an expression when it first uses
// it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tunec {

// Why this expression cannot be used; nothing if it can.
std::optional<std::string> regex_fault(std::string_view expression);

// Whether the expression fits all of the text. The expression must be valid.
bool fits_regex(std::string_view text, const std::string& expression);

}  // namespace tunec
