// Marks where settings begin: in this language `=` always ends a path, so a step back over the path from every `=`
// finds them all with no parsing. The parser needs the mark to tell `x = 1 default 2` from `x = 1  default = 2`, and
// in broken text it is the one place from which to go on for certain.
#include "syntax/lexeme.h"

namespace tunec::syntax {
namespace {

// The word before `(`, given the place of its `)`; `)` itself if there is none.
std::size_t before_arguments(std::string_view text, const std::vector<Lexeme>& words, std::size_t closing) {
  int depth = 0;
  for (std::size_t i = closing;; --i) {
    const bool one_char = words[i].end == words[i].begin + 1;
    if (one_char && text[words[i].begin] == ')') ++depth;
    if (one_char && text[words[i].begin] == '(' && --depth == 0) return i > 0 ? i - 1 : closing;
    if (i == 0) return closing;
  }
}

// Where the path that ends before `end` begins; `end` if there is no path.
std::size_t path_begin(std::string_view text, const Kinds& kinds, const std::vector<Lexeme>& words, std::size_t end) {
  std::size_t begin = end;
  while (begin > 0) {
    std::size_t part = begin - 1;
    if (text[words[part].begin] == ')') part = before_arguments(text, words, part);
    if (!kinds.is_name(words[part].kind) && words[part].kind != kinds.string) return end;
    begin = part;
    if (part == 0 || words[part - 1].kind != kinds.dot) return begin;
    begin = part - 1;
  }
  return end;
}

// Whether the line that word i begins opens a body.
bool line_has_brace(std::string_view text, const std::vector<Lexeme>& words, std::size_t i) {
  for (++i; i < words.size() && !words[i].first_on_line; ++i)
    if (words[i].end == words[i].begin + 1 && text[words[i].begin] == '{') return true;
  return false;
}

}  // namespace

void mark_settings(std::string_view text, const Kinds& kinds, std::vector<Lexeme>& words) {
  std::vector<int> marks(words.size());  // the kind of what to put before a word; 0: nothing
  std::size_t count = 0;
  const auto mark = [&](std::size_t at, int kind) {
    if (marks[at] == 0) ++count;
    if (marks[at] != kinds.start) marks[at] = kind;
  };
  for (std::size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i].kind == kinds.assign) {
      const std::size_t begin = path_begin(text, kinds, words, i);
      if (begin != i) mark(begin, kinds.start);
    }
    const Lexeme& next = words[i + 1];
    if (!words[i].first_on_line || !next.first_on_line) continue;
    const bool lone_declaration = kinds.begins_declaration(words[i].kind) && kinds.begins_declaration(next.kind);
    const bool lone_include = words[i].kind == kinds.include && line_has_brace(text, words, i + 1);
    if (lone_declaration || lone_include) mark(i + 1, kinds.broken);
  }
  std::vector<Lexeme> out;
  out.reserve(words.size() + count);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (marks[i] != 0) {
      Lexeme inserted = words[i];
      inserted.kind = marks[i];
      inserted.end = inserted.begin;
      out.push_back(inserted);
    }
    out.push_back(words[i]);
  }
  words = std::move(out);
}

}  // namespace tunec::syntax
