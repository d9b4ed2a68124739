// Where lines end. What the author broke stays broken, with three exceptions that make one style of many: `{`
// stands at the end of its line and `}` begins one, statements around a block of several lines have lines of
// their own, and a block on one line that is too long is opened.
#pragma once

#include <cstdint>
#include <vector>

#include "format/words.h"

namespace tunec::format {

// In characters, without a comment at the end: a line with a block that is longer has the block opened. A
// line without a block may be as long as it likes: only its author knows where to break it. So wide because a
// host with its facts stands on one line in most sites.
constexpr std::uint32_t widest = 180;

struct Line {
  std::uint32_t first = 0, end = 0;  // its words
  std::uint32_t indent = 0;
  bool complete = false;  // holds whole statements or declarations and nothing else
  bool verbatim = false;
};

// The blanks between a word and the one before it on the same line.
std::uint32_t blanks_before(const Words& words, std::uint32_t i);
// Makes declarations verbatim that would be others with their new line ends.
std::vector<Line> break_lines(Words& words);

}  // namespace tunec::format
