// Words of commands that a shell runs.
#pragma once

#include <string>
#include <string_view>

namespace tunec::host {

// As one word, whatever is in it.
inline std::string quoted(std::string_view word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? "'\\''" : std::string(1, c);
  return text + "'";
}

}  // namespace tunec::host
