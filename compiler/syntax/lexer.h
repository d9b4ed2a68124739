// Bytes to words: each byte is one step of TuneLexer.g4's automaton, by the table made from it. The longest
// word wins.
#pragma once

#include <cstdint>
#include <string_view>

#include "TuneTables.h"

namespace tunec::syntax {

using grammar::Kind;

struct RawWord {
  int kind = 0;
  std::uint32_t end = 0;
};

// The word that begins at `at`, which must be before `end`. There is always one.
inline RawWord word_at(std::string_view text, std::uint32_t at, std::uint32_t end) {
  RawWord longest;
  for (std::uint32_t row = grammar::lexer_start; at < end;) {
    row = grammar::lexer_rows[row + grammar::lexer_column[static_cast<unsigned char>(text[at])]];
    if (row == 0) break;
    ++at;
    if (const int kind = grammar::lexer_rows[row]; kind != 0) longest = {kind, at};
  }
  return longest;
}

}  // namespace tunec::syntax
