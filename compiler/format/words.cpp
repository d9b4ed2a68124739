// Splits bytes into words and comments, and then makes trees of the words by the tables of the grammar, one
// declaration after the other. A declaration whose words make no tree is verbatim, up to the next line that
// begins a declaration and is not indented deeper.
#include "format/words.h"

#include <algorithm>
#include <utility>

#include "diagnostics/reporter.h"
#include "format/joints.h"
#include "syntax/lexeme.h"
#include "syntax/walker.h"

namespace tunec::format {
namespace {

using syntax::Cst;
using syntax::Kind;
using syntax::Lexeme;
using syntax::Lexemes;
using syntax::Rule;

// How many times the words of a text may be read without result before the rest stays as it is. Each line of
// `host a -` begins a declaration that reads to the end of the text.
constexpr std::uint64_t most_tries = 30;

std::uint32_t width_of(std::string_view text) {
  std::uint32_t width = 0;
  for (const char c : text) width += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  return width;
}

// Reads words as the parser's reader does, but keeps those that the parser drops, and reports nothing.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), end_(static_cast<std::uint32_t>(text.size())) {}

  void run(Words& words, Lexemes& lexemes) {
    words.all.reserve(end_ / 5 + 1);
    lexemes.reserve(end_ / 5 + 1);
    for (std::uint32_t at = 0; at < end_;) {
      const auto [kind, stop] = syntax::word_at(text_, at, end_);
      switch (kind) {
        case Kind::BLANK: blank_ = true; break;
        case Kind::NEWLINE: line_end(at, stop); break;
        case Kind::COMMENT: comment(words, at, stop); break;
        default: word(words, lexemes, kind, at, stop);
      }
      at = stop;
    }
    word(words, lexemes, Kind::END, end_, end_);
  }

 private:
  void line_end(std::uint32_t at, std::uint32_t stop) {
    for (std::uint32_t i = at; i < stop; ++i) {
      if (text_[i] != '\n' && text_[i] != '\r') continue;
      if (text_[i] != '\r' || i + 1 == stop || text_[i + 1] != '\n') ++line_ends_;
      line_begin_ = i + 1;
    }
    blank_ = new_line_ = true;
  }
  void comment(Words& words, std::uint32_t at, std::uint32_t stop) {
    const std::size_t last = text_.substr(0, stop).find_last_not_of(" \t\f");
    words.comments.push_back({at, static_cast<std::uint32_t>(last + 1), !new_line_ && !words.all.empty(),
                              line_ends_ > 1 && !is_first(words)});
    line_ends_ = 0;
    blank_ = true;
  }
  static bool is_first(const Words& words) { return words.all.empty() && words.comments.empty(); }
  void word(Words& words, Lexemes& lexemes, int kind, std::uint32_t at, std::uint32_t stop) {
    lexemes.push_back({kind, at, stop, new_line_ ? at - line_begin_ : 0, new_line_, false});
    words.all.push_back({.kind = kind,
                         .begin = at,
                         .end = stop,
                         .width = width_of(text_.substr(at, stop - at)),
                         .first_comment = comments_,
                         .new_line = new_line_,
                         .after_blank_line = line_ends_ > 1 && !is_first(words),
                         .blank_before = blank_});
    comments_ = static_cast<std::uint32_t>(words.comments.size());
    new_line_ = blank_ = false;
    line_ends_ = 0;
  }

  std::string_view text_;
  std::uint32_t end_, line_begin_ = 0, comments_ = 0, line_ends_ = 0;
  bool new_line_ = true, blank_ = true;
};

// Finds where the parser could continue after a declaration that begins with word `from` and does not parse.
std::uint32_t next_declaration(const Lexemes& words, std::uint32_t from) {
  std::uint32_t next = from + 1;
  while (words[next].kind != Kind::END &&
         !(words[next].first_on_line && words[next].column <= words[from].column &&
           syntax::begins_declaration(words[next].kind)))
    ++next;
  return next;
}

// The tables accept a declaration only before a word that may follow one. A line that is certainly wrong must
// not keep the previous declaration from being formatted.
syntax::Walked walk_declaration(Lexemes& words, std::uint32_t from, Cst& tree) {
  syntax::Walked walked = syntax::walk(words, from, Rule::declaration, tree);
  if (walked.whole || walked.end == from || !words[walked.end].first_on_line) return walked;
  Lexeme& other = words[walked.end];
  const int kind = std::exchange(other.kind, Kind::END);
  tree.clear();
  walked = syntax::walk(words, from, Rule::declaration, tree);
  other.kind = kind;
  return walked;
}

}  // namespace

void keep_verbatim(Words& words, std::uint32_t first, std::uint32_t next) {
  for (std::uint32_t i = first; i < next; ++i) words.all[i].joint = Joint::verbatim;
  std::uint32_t begin = words.all[first].begin, end = words.all[next - 1].end;
  if (words.all[first].new_line)
    while (begin > 0 && words.text[begin - 1] != '\n' && words.text[begin - 1] != '\r') --begin;
  if (const auto after = words.comments_before(next); !after.empty() && after.front().beside) {
    Comment& beside = words.comments[words.all[next].first_comment];
    beside.verbatim = true;
    end = beside.end;
  }
  words.verbatim.push_back({first, next, begin, end});
}

void sort_verbatim(Words& words) {
  std::vector<Verbatim> parts = std::exchange(words.verbatim, {});
  std::ranges::sort(parts, [](const Verbatim& a, const Verbatim& b) {
    return a.first != b.first ? a.first < b.first : a.last > b.last;
  });
  for (const Verbatim& part : parts)
    if (words.verbatim.empty() || part.first >= words.verbatim.back().last) words.verbatim.push_back(part);
}

Words read_words(std::string_view text) {
  Words words;
  words.text = text;
  Lexemes lexemes;
  Reader(text).run(words, lexemes);
  Reporter nobody;
  syntax::Session session{FileId{}, text, nobody};
  words.readable = syntax::depth_is_bounded(session, lexemes);
  if (!words.readable) return words;
  Lexemes marked = lexemes;
  syntax::mark_settings(marked);
  Cst tree;
  std::uint32_t at = 0;     // in `marked`, which has the marks beside the words
  std::uint32_t plain = 0;  // the same place in `lexemes`
  const auto advance = [&](std::uint32_t to) {
    for (; at < to; ++at) plain += marked[at].kind != Kind::START && marked[at].kind != Kind::BREAK ? 1 : 0;
  };
  std::uint64_t tried = 0;  // words in declarations that did not parse
  while (lexemes[plain].kind != Kind::END) {
    tree.clear();
    const std::uint32_t first = plain;
    const syntax::Walked walked = walk_declaration(marked, at, tree);
    if (walked.whole) {
      place_joints(words, tree, first);
      advance(walked.end);
      continue;
    }
    tried += walked.end - at;
    const bool enough = tried > most_tries * lexemes.size();
    const std::uint32_t next = enough ? words.size() - 1 : next_declaration(lexemes, first);
    while (plain < next) advance(at + 1);
    keep_verbatim(words, first, next);
  }
  words.all.back().joint = Joint::declaration;
  return words;
}

}  // namespace tunec::format
