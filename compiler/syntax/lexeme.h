// The words of the source between lexer and parser, and the passes over them. words.cpp drops blanks and
// comments. braces.cpp makes braces match, so that the parser cannot lose track of the nesting. settings.cpp
// marks settings: it inserts START before the path of each `path =`, and BREAK where a line ends after a
// keyword that needs more. START and BREAK are words without length; the walker and recovery.cpp continue at
// them. If a text does not parse, habits.cpp replaces what people write out of habit. No pass changes the
// text.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "syntax/lexer.h"
#include "syntax/session.h"

namespace tunec::syntax {

constexpr int max_depth = 200;  // of brackets
// For one expression with everything in it. More would overflow the stack of later stages
constexpr int max_operators = 1000;
constexpr int max_else_when = 200;  // of one `when`

struct Lexeme {
  int kind = 0;  // a Kind; the last word is END
  std::uint32_t begin = 0, end = 0;
  std::uint32_t column = 0;  // in bytes, only of the first word of a line
  bool first_on_line = false;
  // A mistake was already reported beside this word: a further mistake here is the same one
  bool muted = false;
};
using Lexemes = std::vector<Lexeme>;

inline bool is_name(int kind) { return kind >= Kind::SITE && kind <= Kind::ID; }
inline bool begins_declaration(int kind) { return kind >= Kind::SITE && kind <= Kind::TEST; }

// A `}` that closes nothing, and was removed. Probably its `{` was forgotten, which the parser will report.
// If nothing was reported since `region` began, the `}` itself is the mistake.
struct ExtraBrace {
  std::uint32_t region = 0, at = 0;
};

// The words of a part of the text, without blanks and comments. Reports characters that belong to no word,
// and strings without an end.
Lexemes visible_words(Session& session, std::uint32_t begin, std::uint32_t end);
// Returns false, and reports it, if brackets are nested deeper than max_depth.
bool depth_is_bounded(Session& session, const Lexemes& words);
// Makes `{` and `}` match. Reports each `{` that is never closed.
std::vector<ExtraBrace> match_braces(Session& session, Lexemes& words);
// Inserts a START before the path of every `path =`, and a BREAK where a line breaks off after a keyword.
void mark_settings(Lexemes& words);
// The words of a text that does not parse, with words of other languages replaced, and marked again.
Lexemes mend_habits(Session& session, const Lexemes& words);

}  // namespace tunec::syntax
