// Decides which `=`, which `default` and which comments are aligned below one another.
//
// Lines form a group if nothing is between them: no blank line, no line with a comment, no block of several
// lines. In a group, consecutive lines with one setting of the same form (a setting, a `let`, a `part` …)
// have their `=` in one column. If a name is longer than the next shorter one by more than `longest_step`, it
// does not push the others: it begins a column of its own. So a new line moves only lines of its group, and a
// new line with a long name moves none.
#pragma once

#include <cstdint>
#include <vector>

#include "format/breaks.h"

namespace tunec::format {

constexpr std::uint32_t longest_step = 16;

// For each word, the blanks to put before it in addition to those of blanks_before(). For the first word of a
// line, they go before the comment beside the previous line.
std::vector<std::uint32_t> align(const Words& words, const std::vector<Line>& lines);

}  // namespace tunec::format
