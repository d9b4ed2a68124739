// Text to tree, without ANTLR's types. It never throws and always returns a tree. Of a file with mistakes it
// returns the parts it could read, and each mistake is reported once. Sources has checked UTF-8; nesting
// deeper than 200 is refused before parsing.
#pragma once

#include <vector>

#include "diagnostics/reporter.h"
#include "source/sources.h"
#include "syntax/ast.h"

namespace tunec {

struct Token {
  int kind = 0;  // the lexer's number; comments and blanks are tokens too
  Span span;
};

// Holds views of the text: the Sources must live as long.
struct SyntaxTree {
  FileId file;
  std::vector<Token> tokens;  // joined they are the source, byte for byte; empty unless asked for
  ast::File root;
};

enum class KeepTokens { no, yes };
SyntaxTree parse(FileId file, const Sources& sources, Reporter& reporter, KeepTokens keep = KeepTokens::no);

}  // namespace tunec
