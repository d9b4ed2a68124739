// Words of the source between lexer and parser, in a form that names no ANTLR type, and the two passes over them:
// braces are made to match (braces.cpp), so that the parser never loses its way in the nesting, and settings are
// marked (settings.cpp). Both may insert words of no length; both leave the text as it is.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "diagnostics/reporter.h"

namespace tunec::syntax {

constexpr int max_depth = 200;       // of brackets
constexpr int max_operators = 1000;  // of one expression with all that it holds; more would overflow later stages
constexpr int max_else_when = 200;   // of one `when`

struct Lexeme {
  int kind = 0;                // the lexer's number
  std::uint32_t begin = 0, end = 0;
  std::uint32_t column = 0;    // in bytes, only of the first word of a line
  bool first_on_line = false;
  bool muted = false;          // beside something that was reported already: a mistake here is the same mistake
};

// What the passes must know of the lexer's numbers.
struct Kinds {
  int start, broken, closing_brace;
  int name_first, name_last, declaration_first, declaration_last;
  int string, unterminated, assign, dot, include;
  bool is_name(int kind) const { return kind >= name_first && kind <= name_last; }
  bool begins_declaration(int kind) const { return kind >= declaration_first && kind <= declaration_last; }
};

// A `}` that closes nothing, already taken out. Most likely its `{` was forgotten, which the parser will report;
// only if nothing was reported since `region` began is the `}` itself the mistake.
struct ExtraBrace {
  std::uint32_t region = 0, at = 0;
};

// False (and reported) if brackets are nested deeper than max_depth.
bool depth_is_bounded(std::string_view text, FileId file, const std::vector<Lexeme>& words, Reporter& reporter);
// Makes `{` and `}` match; reports each `{` that is never closed.
std::vector<ExtraBrace> match_braces(std::string_view text, FileId file, const Kinds& kinds, std::vector<Lexeme>& words,
                                     Reporter& reporter);
// Puts a START before the path of every `path =`, and a BREAK where a line breaks off after a keyword.
void mark_settings(std::string_view text, const Kinds& kinds, std::vector<Lexeme>& words);

}  // namespace tunec::syntax
