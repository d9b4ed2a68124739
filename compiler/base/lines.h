// Iterates over the lines of a text.
#pragma once

#include <algorithm>
#include <string_view>

namespace tunec {

// Up to the next line end, which is taken too.
inline std::string_view next_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

}  // namespace tunec
