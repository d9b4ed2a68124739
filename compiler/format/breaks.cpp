// First decides which gaps between words are line ends, then makes the lines with their indentation.
#include "format/breaks.h"

#include "syntax/lexeme.h"

namespace tunec::format {
namespace {

using syntax::Kind;

constexpr std::uint32_t step = 2;

class Breaker {
 public:
  explicit Breaker(const Words& words) : words_(words), ends_(words.size(), false) {}

  std::vector<Line> run() {
    count_wanted();
    place();
    make_lines();
    return std::move(lines_);
  }

 private:
  const Word& word(std::uint32_t i) const { return words_.all[i]; }
  bool is(std::uint32_t i, int kind) const { return word(i).kind == kind; }

  // Whether a line must end before word i, or may end there and the author ended it there.
  bool is_wanted(std::uint32_t i) const {
    if (!words_.comments_before(i).empty()) return true;
    switch (word(i).joint) {
      case Joint::inner:
      case Joint::space:
      case Joint::statement: return word(i).new_line;
      case Joint::close: return word(i).new_line && !is(i - 1, Kind::LBRACE);
      default: return false;
    }
  }
  void count_wanted() {
    wanted_.resize(words_.size() + 1, 0);
    for (std::uint32_t i = 0; i < words_.size(); ++i) {
      const bool is_part = word(i).joint != Joint::verbatim && word(i).joint != Joint::declaration;
      wanted_[i + 1] = wanted_[i] + (is_part && is_wanted(i) ? 1 : 0);
    }
  }
  // Whether a line ends between words `first` and `last`.
  bool is_wanted_within(std::uint32_t first, std::uint32_t last) const {
    return wanted_[last + 1] > wanted_[first + 1];
  }

  void place() {
    std::vector<std::uint32_t> blocks, statements;  // the open ones, and the last statement of each
    for (std::uint32_t i = 0; i < words_.size(); ++i) {
      const Joint joint = word(i).joint;
      if (joint == Joint::declaration || joint == Joint::verbatim) {
        ends_[i] = true;
      } else if (joint == Joint::statement || joint == Joint::close) {
        const bool opened = is_wanted_within(blocks.back(), word(blocks.back()).match);
        const bool begins = i == blocks.back() + 1;
        // A statement of several lines shares none of its lines with another.
        if (!begins && is_wanted_within(statements.back(), i - 1)) {
          ends_[statements.back()] = true;
          ends_[i] = true;
        }
        if (is_wanted(i) ||
            (opened && (begins || joint == Joint::close) && !(begins && joint == Joint::close)))
          ends_[i] = true;
        if (joint == Joint::statement) statements.back() = i;
        else blocks.pop_back(), statements.pop_back();
      } else {
        ends_[i] = is_wanted(i);
      }
      if (is(i, Kind::LBRACE) && joint != Joint::verbatim) blocks.push_back(i), statements.push_back(i);
    }
  }

  // Lines

  std::uint32_t end_of_line(std::uint32_t i) const {
    for (++i; i < words_.size() && !ends_[i]; ++i) {
    }
    return i;
  }

  // Opens blocks of the line until it fits or has none left. Statements that share the line are separated
  // first.
  std::uint32_t fit(std::uint32_t first, std::uint32_t indent) {
    std::uint32_t end = end_of_line(first);
    for (bool changed = true; changed;) {
      changed = false;
      std::uint32_t width = indent;
      for (std::uint32_t i = first; i < end; ++i)
        width += word(i).width + (i > first ? blanks_before(words_, i) : 0);
      if (width <= widest) break;
      changed = split_statements(first, end) || open_blocks(first, end);
      end = end_of_line(first);
    }
    return end;
  }
  // Separates the statements in words (first, end), outside of blocks.
  bool split_statements(std::uint32_t first, std::uint32_t end) {
    bool changed = false;
    for (std::uint32_t i = first; i < end; ++i) {
      if (i > first && word(i).joint == Joint::statement && !is(i - 1, Kind::LBRACE))
        ends_[i] = changed = true;
      if (is(i, Kind::LBRACE) && word(i).match < end) i = word(i).match;
    }
    return changed;
  }
  bool open_blocks(std::uint32_t first, std::uint32_t end) {
    bool changed = false;
    for (std::uint32_t i = first; i < end; ++i) {
      if (!is(i, Kind::LBRACE) || word(i).match >= end) continue;
      const std::uint32_t close = word(i).match;
      if (close > i + 1) {
        ends_[i + 1] = ends_[close] = changed = true;
        split_statements(i + 1, close);
      }
      i = close;
    }
    return changed;
  }

  void make_lines() {
    std::uint32_t depth = 0;              // of blocks of several lines
    std::vector<std::uint32_t> brackets;  // the indentation of the line of each open bracket
    std::size_t part = 0;
    for (std::uint32_t i = 0; i + 1 < words_.size();) {
      if (word(i).joint == Joint::verbatim) {
        const Verbatim& verbatim = words_.verbatim[part++];
        lines_.push_back({verbatim.first, verbatim.last, 0, false, true});
        i = verbatim.last;
        continue;
      }
      Line line{i, i, indent_of(i, depth, brackets), false, false};
      line.end = fit(i, line.indent);
      const std::uint32_t before = depth;
      for (; i < line.end; ++i) follow(i, line, depth, brackets);
      const Joint joint = word(line.first).joint;
      line.complete = (joint == Joint::statement || joint == Joint::declaration) && begins_statement(i) &&
                      depth == before;
      lines_.push_back(line);
    }
  }
  bool begins_statement(std::uint32_t i) const {
    const Joint joint = word(i).joint;
    return joint == Joint::statement || joint == Joint::close || joint == Joint::declaration ||
           joint == Joint::verbatim;
  }
  void follow(std::uint32_t i, const Line& line, std::uint32_t& depth,
              std::vector<std::uint32_t>& brackets) const {
    switch (word(i).kind) {
      case Kind::LBRACE: depth += word(i).match >= line.end ? 1 : 0; break;
      case Kind::RBRACE: depth -= i == line.first ? 1 : 0; break;
      case Kind::LPAREN:
      case Kind::LBRACKET: brackets.push_back(line.indent); break;
      case Kind::RPAREN:
      case Kind::RBRACKET: brackets.pop_back(); break;
      default: break;
    }
  }
  std::uint32_t indent_of(std::uint32_t i, std::uint32_t depth,
                          const std::vector<std::uint32_t>& brackets) const {
    const bool closes = is(i, Kind::RPAREN) || is(i, Kind::RBRACKET);
    if (!brackets.empty()) return brackets.back() + (closes ? 0 : step);
    if (is(i, Kind::RBRACE)) return (depth - 1) * step;
    const bool on_its_own = begins_statement(i) || is(i, Kind::LBRACE) || is(i, Kind::ELSE);
    return depth * step + (on_its_own ? 0 : step);
  }

  const Words& words_;
  std::vector<std::uint32_t> wanted_;  // the blanks wanted before each word
  std::vector<bool> ends_;             // whether a line ends before the word
  std::vector<Line> lines_;
};

}  // namespace

std::uint32_t blanks_before(const Words& words, std::uint32_t i) {
  const bool after_brace = i > 0 && words.all[i - 1].kind == Kind::LBRACE;
  switch (words.all[i].joint) {
    case Joint::tight:
    case Joint::inner: return 0;
    case Joint::as_written: return words.all[i].blank_before ? 1 : 0;
    case Joint::statement: return after_brace ? 1 : 2;
    default: return 1;
  }
}

namespace {

// The first word of the declaration that contains word i.
std::uint32_t declaration_of(const Words& words, std::uint32_t i) {
  while (i > 0 && words.all[i].joint != Joint::declaration && words.all[i - 1].joint != Joint::verbatim) --i;
  return i;
}

// Whether the parser would take the line for an unfinished statement because of the next line. The line
// consists of one word (breaks_off() in syntax/settings.cpp).
bool would_break_off(const Words& words, const Line& line, const Line& next) {
  const int kind = words.all[line.first].kind;
  if (line.end != line.first + 1) return false;
  if (syntax::begins_declaration(kind)) return syntax::begins_declaration(words.all[next.first].kind);
  if (kind != Kind::INCLUDE) return false;
  for (std::uint32_t i = next.first + 1; i < next.end; ++i)
    if (words.all[i].kind == Kind::LBRACE) return true;
  return false;
}

// If names such as `pool` stand on a line of their own, new line ends could turn correct text into a mistake.
// Such a word is joined to the previous line. If a comment is between them, the whole declaration stays as it
// is. Returns whether there was such a word.
bool mend_lines_of_keywords(Words& words, const std::vector<Line>& lines) {
  bool found = false;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
    if (!would_break_off(words, lines[i], lines[i + 1])) continue;
    Word &one = words.all[lines[i].first], &other = words.all[lines[i + 1].first];
    const bool is_as_before = one.new_line && other.new_line;
    if (is_as_before || one.joint == Joint::verbatim) continue;
    found = true;
    const bool joins = one.joint == Joint::space || one.joint == Joint::inner;
    if (joins && words.comments_before(lines[i].first).empty()) {
      one.new_line = false;
      continue;
    }
    const std::uint32_t first = declaration_of(words, lines[i].first);
    std::uint32_t next = lines[i + 1].first + 1;
    const bool is_verbatim = other.joint == Joint::verbatim;
    while (next + 1 < words.size() && words.all[next].joint != Joint::declaration &&
           (words.all[next].joint == Joint::verbatim) == is_verbatim)
      ++next;
    keep_verbatim(words, first, next);
  }
  if (found) sort_verbatim(words);
  return found;
}

}  // namespace

std::vector<Line> break_lines(Words& words) {
  std::vector<Line> lines = Breaker(words).run();
  for (int rounds = 0; mend_lines_of_keywords(words, lines); lines = Breaker(words).run())
    if (++rounds == 10) keep_verbatim(words, 0, words.size() - 1), sort_verbatim(words);
  return lines;
}

}  // namespace tunec::format
