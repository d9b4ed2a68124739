// Writes the lines, with the comments between them.
#include "format/format.h"

#include <stdexcept>

#include "format/align.h"
#include "syntax/lexer.h"

namespace tunec {
namespace {

using format::Comment;
using format::Joint;
using format::Line;
using format::Words;
using syntax::Kind;

bool opens(int kind) { return kind == Kind::LBRACE || kind == Kind::LPAREN || kind == Kind::LBRACKET; }
bool closes(int kind) { return kind == Kind::RBRACE || kind == Kind::RPAREN || kind == Kind::RBRACKET; }

class Writer {
 public:
  Writer(const Words& words, const std::vector<Line>& lines)
      : words_(words), lines_(lines), pads_(format::align(words, lines)) {
    out_.reserve(words.text.size() + words.text.size() / 8);
  }

  std::string run() {
    std::size_t part = 0;
    for (const Line& line : lines_) {
      const std::uint32_t i = line.first;
      comments(i, closes(words_.all[i].kind) ? line.indent + 2 : line.indent);
      const bool may_stand_apart = !closes(words_.all[i].kind) || line.verbatim;
      new_line(words_.all[i].after_blank_line && may_stand_apart);
      if (line.verbatim) verbatim(words_.verbatim[part++]);
      else write(line);
    }
    comments(words_.size() - 1, 0);
    if (!out_.empty()) out_ += '\n';
    return std::move(out_);
  }

 private:
  void new_line(bool apart) {
    if (!out_.empty()) out_.append(apart && !just_opened_ ? "\n\n" : "\n");
    just_opened_ = false;
  }
  std::string_view slice(std::uint32_t begin, std::uint32_t end) const {
    return words_.text.substr(begin, end - begin);
  }
  // Writes the comments before word i, which begins a line.
  void comments(std::uint32_t i, std::uint32_t indent) {
    for (const Comment& comment : words_.comments_before(i)) {
      if (comment.verbatim) continue;
      if (comment.beside) {
        out_.append(2 + pads_[i], ' ');
      } else {
        new_line(comment.after_blank_line);
        out_.append(indent, ' ');
      }
      out_ += slice(comment.begin, comment.end);
    }
  }
  void write(const Line& line) {
    out_.append(line.indent, ' ');
    for (std::uint32_t i = line.first; i < line.end; ++i) {
      if (i > line.first) out_.append(format::blanks_before(words_, i) + pads_[i], ' ');
      out_ += slice(words_.all[i].begin, words_.all[i].end);
    }
    just_opened_ = opens(words_.all[line.end - 1].kind);
  }
  void verbatim(const format::Verbatim& part) {
    for (std::uint32_t i = part.begin; i < part.end; ++i) {
      const char c = words_.text[i];
      if (c != '\r') out_ += c;
      else if (i + 1 == part.end || words_.text[i + 1] != '\n') out_ += '\n';
    }
  }

  const Words& words_;
  const std::vector<Line>& lines_;
  const std::vector<std::uint32_t> pads_;
  std::string out_;
  bool just_opened_ = true;
};

// Takes the next word or comment at or after `at`, and moves `at` to its end.
std::string_view next_piece(std::string_view text, std::uint32_t& at) {
  const auto size = static_cast<std::uint32_t>(text.size());
  while (at < size) {
    const std::uint32_t begin = at;
    const auto [kind, end] = syntax::word_at(text, at, size);
    at = end;
    if (kind == Kind::BLANK || kind == Kind::NEWLINE) continue;
    const std::string_view piece = text.substr(begin, end - begin);
    return kind == Kind::COMMENT ? piece.substr(0, piece.find_last_not_of(" \t\f") + 1) : piece;
  }
  return {};
}

// A formatter that changes a site is worse than none, so its work is checked every time.
bool same_pieces(std::string_view a, std::string_view b) {
  std::uint32_t at_a = 0, at_b = 0;
  for (;;) {
    const std::string_view piece = next_piece(a, at_a);
    if (piece != next_piece(b, at_b)) return false;
    if (piece.empty()) return true;
  }
}

}  // namespace

Formatted format_source(std::string_view text) {
  Words words = format::read_words(text);
  if (!words.readable) return {std::string(text), false};
  const std::size_t broken = words.verbatim.size();
  const std::vector<Line> lines = format::break_lines(words);
  Formatted formatted{Writer(words, lines).run(), broken == 0, words.verbatim.size() != broken};
  if (!same_pieces(text, formatted.text)) throw std::logic_error("formatting would change more than blanks");
  return formatted;
}

}  // namespace tunec
