// One source line in a form that is safe on a terminal, and the columns to underline. Tabs are widened,
// control characters and characters that reorder text are replaced, and long lines are cut around the place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tunec {

struct Snippet {
  std::string text;
  std::size_t first = 0;  // columns before the underline
  std::size_t count = 1;  // columns underlined; at least one
};

// `begin` and `end` are byte offsets in `line`.
Snippet snippet(std::string_view line, std::size_t begin, std::size_t end);

// The text in a form for one line of a message: nothing in it can move the cursor or reorder the line.
std::string printable(std::string_view text);

// The text with everything that `printable` hides spelt by `spell`. Line breaks and other C0 characters stay.
std::string steering_escaped(std::string_view text, std::string (*spell)(std::uint32_t));
// JSON with the same texts, safe to show on a terminal or to a reviewer: what `printable` hides is escaped.
std::string escaped_json(std::string_view json);

}  // namespace tunec
