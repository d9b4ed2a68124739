// Words to tree, for text without a mistake: walks the tables made from TuneParser.g4.
#pragma once

#include <optional>

#include "syntax/cst.h"
#include "syntax/lexeme.h"

namespace tunec::syntax {

struct Walked {
  bool whole = false;
  // The word after the tree; if the tree is not whole, the first word that does not fit
  std::uint32_t end = 0;
};
// Adds the tree of `rule` that begins with word `from`.
Walked walk(const Lexemes& words, std::uint32_t from, Rule::Number rule, Cst& tree);

}  // namespace tunec::syntax
