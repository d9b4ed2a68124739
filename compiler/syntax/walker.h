// Words to tree, for text without a mistake: walks the tables made from TuneParser.g4.
#pragma once

#include <optional>

#include "syntax/cst.h"
#include "syntax/lexeme.h"

namespace tunec::syntax {

struct Walked {
  bool whole = false;
  std::uint32_t end = 0;  // the word after the tree; or, if it is not whole, the first that cannot be
};
// Adds the tree of `rule`, beginning with word `from`.
Walked walk(const Lexemes& words, std::uint32_t from, Rule::Number rule, Cst& tree);

}  // namespace tunec::syntax
