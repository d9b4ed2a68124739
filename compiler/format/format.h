// Text → the same text in tunec's one style. The words, the comments and their order stay. Only blanks and
// line ends change, and line ends that authors want to choose stay.
//
//   words.h   the text as words and comments, and how each word joins to the word before it
//   breaks.h  where lines end
//   align.h   which `=` and which comments are aligned below one another
//
// A declaration that does not parse stays as it is, byte for byte. parse() reports its mistakes.
#pragma once

#include <string>
#include <string_view>

namespace tunec {

struct Formatted {
  std::string text;
  bool whole = true;  // false: a part of it did not parse
  // Whether a part that parses also stays as it is. This happens to names that are keywords beside comments
  // (mend_lines_of_keywords() in breaks.cpp).
  bool kept = false;
};

// `text` is UTF-8 without a byte order mark, as in Sources. Line ends of the result have one byte. The result
// ends with a line end unless it is empty.
Formatted format_source(std::string_view text);

}  // namespace tunec
