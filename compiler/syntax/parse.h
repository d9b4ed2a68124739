// Text to tree, without ANTLR's types. It never throws, and always returns a tree. If a file has mistakes,
// the tree contains the parts that could be read, and each mistake is reported once. Sources has checked
// UTF-8. Nesting deeper than 200 is refused before parsing.
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

// Contains views of the text, so Sources must live at least as long.
struct SyntaxTree {
  FileId file;
  std::vector<Token> tokens;  // joined, they are the source, byte for byte; empty unless requested
  ast::File root;
};

enum class KeepTokens { no, yes };
SyntaxTree parse(FileId file, const Sources& sources, Reporter& reporter, KeepTokens keep = KeepTokens::no);

}  // namespace tunec
