// Decides where lines end. Line ends of the author stay, with three exceptions that give one style. `{`
// stands at the end of its line, and `}` begins one. Statements around a block of several lines have lines of
// their own. A block on one line that is too long is opened.
#pragma once

#include <cstdint>
#include <vector>

#include "format/words.h"

namespace tunec::format {

// In characters, without a comment at the end. If a line with a block is longer, the block is opened. A line
// without a block may have any length, since only its author knows where to break it. The limit is so wide
// because most sites have a host with its facts on one line.
constexpr std::uint32_t widest = 180;

struct Line {
  std::uint32_t first = 0, end = 0;  // its words
  std::uint32_t indent = 0;
  bool complete = false;  // contains whole statements or declarations, and nothing else
  bool verbatim = false;
};

// The blanks between a word and the one before it on the same line.
std::uint32_t blanks_before(const Words& words, std::uint32_t i);
// Makes declarations verbatim if their new line ends would change their meaning.
std::vector<Line> break_lines(Words& words);

}  // namespace tunec::format
