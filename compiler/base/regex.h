// Regular expressions, as records of parameters have them for the form of a text. In comes an expression and
// a text, out comes whether it fits the whole text, byte by byte. The engine is RE2: it neither backtracks
// nor recurses, so that an expression that a site brings cannot hang or overflow anything. RE2 stays in
// regex.cpp. An expression is compiled when it is first used, once in each thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tunec {

// Why this is no expression that can be used; nothing if it is one.
std::optional<std::string> regex_fault(std::string_view expression);

// Whether the expression fits all of the text. The expression must be one without a fault.
bool fits_regex(std::string_view text, const std::string& expression);

}  // namespace tunec
