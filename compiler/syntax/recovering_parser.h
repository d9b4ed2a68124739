// Words to tree, for text with a mistake: ANTLR's parser with our own recovery (recovery.cpp). It is slow,
// and rarely needed.
#pragma once

#include <memory>

#include "syntax/cst.h"
#include "syntax/lexeme.h"

namespace tunec::syntax {

class RecoveringParser {
 public:
  // Begins at word `from`, between two declarations.
  RecoveringParser(Session& session, const Lexemes& words, std::uint32_t from);
  ~RecoveringParser();
  bool at_end() const;
  Cst declaration();
  Cst hole();  // an expression within a string

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace tunec::syntax
