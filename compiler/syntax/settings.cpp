// Marks where settings begin. In this language `=` always ends a path, so a step back over the path from
// every `=` finds them all without parsing. The parser needs the mark to distinguish `x = 1 default 2` from
// `x = 1 default = 2`. In broken text, the mark is the one place where parsing can certainly continue.
#include "syntax/lexeme.h"

namespace tunec::syntax {
namespace {

// The word before `(`, given the place of its `)`; `)` itself if there is none.
std::size_t before_arguments(const Lexemes& words, std::size_t closing) {
  int depth = 0;
  for (std::size_t i = closing;; --i) {
    if (words[i].kind == Kind::RPAREN) ++depth;
    if (words[i].kind == Kind::LPAREN && --depth == 0) return i > 0 ? i - 1 : closing;
    if (i == 0) return closing;
  }
}

// Where the path that ends before `end` begins; `end` if there is no path.
std::size_t path_begin(const Lexemes& words, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0) {
    std::size_t part = begin - 1;
    if (words[part].kind == Kind::RPAREN) part = before_arguments(words, part);
    if (!is_name(words[part].kind) && words[part].kind != Kind::STRING) return end;
    begin = part;
    if (part == 0 || words[part - 1].kind != Kind::DOT) return begin;
    begin = part - 1;
  }
  return end;
}

// Whether the line that word i begins opens a body.
bool line_has_brace(const Lexemes& words, std::size_t i) {
  for (++i; i < words.size() && !words[i].first_on_line; ++i)
    if (words[i].kind == Kind::LBRACE) return true;
  return false;
}

// Whether the line breaks off after word i.
bool breaks_off(const Lexemes& words, std::size_t i) {
  const Lexeme &word = words[i], &next = words[i + 1];
  if (!word.first_on_line || !next.first_on_line) return false;
  if (begins_declaration(word.kind)) return begins_declaration(next.kind);
  return word.kind == Kind::INCLUDE && line_has_brace(words, i + 1);
}

}  // namespace

void mark_settings(Lexemes& words) {
  std::vector<std::uint8_t> marks(words.size());  // the kind of the mark before each word; 0: none
  std::size_t count = 0;
  const auto mark = [&](std::size_t at, Kind::Number kind) {
    if (marks[at] == 0) ++count;
    if (marks[at] != Kind::START) marks[at] = static_cast<std::uint8_t>(kind);
  };
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i].kind == Kind::ASSIGN) {
      const std::size_t begin = path_begin(words, i);
      if (begin != i) mark(begin, Kind::START);
    } else if (breaks_off(words, i)) {
      mark(i + 1, Kind::BREAK);
    }
  }
  words.resize(words.size() + count);
  // From the back, so that words are moved only once
  for (std::size_t i = marks.size(), to = words.size(); count > 0;) {
    words[--to] = words[--i];
    if (marks[i] == 0) continue;
    words[to - 1] = words[i];
    words[--to].kind = marks[i];
    words[to].end = words[to].begin;
    --count;
  }
}

}  // namespace tunec::syntax
