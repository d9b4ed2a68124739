// The words of the source between lexer and parser, and the passes over them. words.cpp drops blanks and
// comments. braces.cpp makes braces match, so that the parser cannot lose its way in the nesting.
// settings.cpp marks settings: it inserts START before the path of each `path =`, and BREAK where a line ends
// after a keyword that wants more. These two are words without length. The walker and recovery.cpp continue
// at them. Of a text that does not parse, habits.cpp replaces what people write out of habit. No pass changes
// the text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "syntax/lexer.h"
#include "syntax/session.h"

namespace tunec::syntax {

constexpr int max_depth = 200;  // of brackets
// Of one expression with all that it holds; more would overflow later stages
constexpr int max_operators = 1000;
constexpr int max_else_when = 200;  // of one `when`

struct Lexeme {
  int kind = 0;  // a Kind; the last word is END
  std::uint32_t begin = 0, end = 0;
  std::uint32_t column = 0;  // in bytes, only of the first word of a line
  bool first_on_line = false;
  // Beside something that was reported already: a mistake here is the same mistake
  bool muted = false;
};
using Lexemes = std::vector<Lexeme>;

inline bool is_name(int kind) { return kind >= Kind::SITE && kind <= Kind::ID; }
inline bool begins_declaration(int kind) { return kind >= Kind::SITE && kind <= Kind::TEST; }

// A `}` that closes nothing, already taken out. Most likely its `{` was forgotten, which the parser will
// report; only if nothing was reported since `region` began is the `}` itself the mistake.
struct ExtraBrace {
  std::uint32_t region = 0, at = 0;
};

// The words of a part of the text that are neither blank nor comment; reports characters that are nothing,
// and strings without an end.
Lexemes visible_words(Session& session, std::uint32_t begin, std::uint32_t end);
// False (and reported) if brackets are nested deeper than max_depth.
bool depth_is_bounded(Session& session, const Lexemes& words);
// Makes `{` and `}` match; reports each `{` that is never closed.
std::vector<ExtraBrace> match_braces(Session& session, Lexemes& words);
// Puts a START before the path of every `path =`, and a BREAK where a line breaks off after a keyword.
void mark_settings(Lexemes& words);
// Words of a text that does not parse, with other languages' words replaced, and marked again.
Lexemes mend_habits(Session& session, const Lexemes& words);

}  // namespace tunec::syntax
