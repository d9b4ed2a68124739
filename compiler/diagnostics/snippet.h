// One source line as a terminal may be shown it, and the columns to underline: tabs widened, control
// characters and those that reorder text replaced, long lines cut around the place.
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

// `begin` and `end` are bytes of `line`.
Snippet snippet(std::string_view line, std::size_t begin, std::size_t end);

// Text for one line of a message: nothing in it can move the cursor or change the order of what is read.
std::string printable(std::string_view text);

// Text in which what `printable` hides is spelt as `spell` says, but for line breaks and other C0.
std::string steering_escaped(std::string_view text, std::string (*spell)(std::uint32_t));
// JSON whose texts say the same, and which a terminal or a reviewer can be shown: what `printable` hides is
// escaped.
std::string escaped_json(std::string_view json);

}  // namespace tunec
