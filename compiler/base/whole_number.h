// The number that a text is, as in "42": nothing if the text contains anything else, or if the number does
// not fit. Ignores the locale.
#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace tunec {

template <class Number>
std::optional<Number> whole_number(std::string_view text, int base = 10) {
  Number number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number, base);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

}  // namespace tunec
