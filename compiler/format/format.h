// Text → the same text in tunec's one style. The words, the comments and their order stay: only blanks and
// line ends change, and of the line ends those that an author wants to choose stay as they are.
//
//   words.h   the text as words, with the comments between them, and for each word how it joins to the one
//   before breaks.h  where lines end align.h   which `=` and which comments stand below one another
//
// A declaration that does not parse stays as it is, byte for byte; what is wrong with it is for parse() to
// say.
#pragma once

#include <string>
#include <string_view>

namespace tunec {

struct Formatted {
  std::string text;
  bool whole = true;  // false: some of it did not parse
  // Some of it parses and stays as it is all the same, which happens to names that are keywords beside
  // comments (mend_lines_of_keywords() in breaks.cpp).
  bool kept = false;
};

// `text` is UTF-8 without a byte order mark, as Sources holds it. The result has line ends of one byte, and
// ends with one unless it is empty.
Formatted format_source(std::string_view text);

}  // namespace tunec
