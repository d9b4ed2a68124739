// Private to habits.cpp: the words of a text that does not parse, read from front to back and copied with
// changes.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "diagnostics/diag.h"
#include "syntax/lexeme.h"

namespace tunec::syntax {

inline bool is_mark(int kind) { return kind == Kind::START || kind == Kind::BREAK; }
inline bool is_open(int kind) { return kind == Kind::LPAREN || kind == Kind::LBRACKET; }
inline bool is_close(int kind) { return kind == Kind::RPAREN || kind == Kind::RBRACKET; }
// Whether a word may follow a value in its statement, or begin the next statement.
inline bool ends_value(int kind) {
  switch (kind) {
    case Kind::START:
    case Kind::BREAK:
    case Kind::END:
    case Kind::LBRACE:
    case Kind::RBRACE:
    case Kind::WHERE:
    case Kind::DEFAULT:
    case Kind::BECAUSE:
    case Kind::INCLUDE:
    case Kind::WHEN:
    case Kind::OVERRIDE:
    case Kind::UNCHECKED: return true;
    default: return false;
  }
}

// Reads the name of one thing, written without quotes.
inline bool takes_name(int kind) {
  return kind == Kind::SITE || kind == Kind::PROFILE || kind == Kind::HOST || kind == Kind::HOSTS ||
         kind == Kind::POOL || kind == Kind::TYPE || kind == Kind::POLICY || kind == Kind::BUDGET ||
         kind == Kind::INCLUDE;
}

// How words are corrected: by one edit, or by several to choose from. A single edit is certain unless it is a
// guess.
struct Mending {
  std::vector<Edit> choices{};
  bool is_guess = false;
};

class HabitWords {
 protected:
  HabitWords(Session& session, const Lexemes& words) : s_(session), in_(words) { out_.reserve(words.size()); }

  // A habit and its report, which is made once for a text.
  struct Habit {
    std::string expected, found, help;
    std::vector<Span> places;
    std::vector<Fix> fixes;  // choices, each with an edit for each place
  };

  const Lexeme& at(std::size_t i) const { return in_[std::min(i, in_.size() - 1)]; }
  int kind(std::size_t i) const { return at(i).kind; }
  std::string_view text(std::size_t from, std::size_t to) const {  // of words [from, to)
    return s_.text.substr(at(from).begin, at(to - 1).end - at(from).begin);
  }
  bool adjacent(std::size_t i) const { return i > 0 && at(i - 1).end == at(i).begin; }
  std::size_t unmarked(std::size_t i) const {
    while (is_mark(kind(i))) ++i;
    return i;
  }

  void keep() {
    const Lexeme& word = in_[i_++];
    if (is_open(word.kind)) ++round_;
    if (is_close(word.kind)) round_ = std::max(round_ - 1, 0);
    if (word.kind == Kind::LBRACE || word.kind == Kind::RBRACE) round_ = 0;
    out_.push_back(word);
    at_setting_ = false;
  }
  void put(int kind, std::uint32_t begin, std::uint32_t end, bool first_on_line, std::uint32_t column) {
    out_.push_back({kind, begin, end, column, first_on_line, true});
    at_setting_ = false;
  }
  // The words inside a string.
  void put_inside(const Lexeme& string) {
    for (std::uint32_t begin = string.begin + 1; begin + 1 < string.end;) {
      const RawWord word = word_at(s_.text, begin, string.end - 1);
      put(word.kind, begin, word.end, false, 0);
      begin = word.end;
    }
  }

  // Replaces the next words up to `to` by one word of `kind`.
  void replace(std::size_t to, int kind) {
    put(kind, at(i_).begin, at(to - 1).end, at(i_).first_on_line, at(i_).column);
    i_ = to;
  }

  // Replaces the words [from, to) by one text.
  Mending by(std::size_t from, std::size_t to, std::string text, bool is_guess = false) const {
    return {{{Edit::Kind::replace, s_.span(at(from).begin, at(to - 1).end), std::move(text)}}, is_guess};
  }
  // Leaves out word i, and the text between it and the previous word.
  Mending by_deletion(std::size_t i) const {
    std::size_t before = i - 1;
    while (before > 0 && is_mark(kind(before))) --before;
    return {{{Edit::Kind::replace, s_.span(at(before).end, at(i).end), ""}}};
  }

  void found(std::size_t from, std::size_t to, std::string expected, std::string shown, std::string help,
             const Mending& mending = {}) {
    const Span where = s_.span(at(from).begin, at(to - 1).end);
    s_.mistakes.push_back(where.begin);
    if (at(from).muted) return;
    const auto [index, fresh] = known_.try_emplace({expected, shown}, habits_.size());
    if (fresh) {
      const bool is_certain = mending.choices.size() == 1 && !mending.is_guess;
      const std::vector<Fix> fixes(mending.choices.size(), Fix{{}, is_certain, {}});
      habits_.push_back({std::move(expected), std::move(shown), std::move(help), {}, fixes});
    }
    Habit& habit = habits_[index->second];
    habit.places.push_back(where);
    if (mending.choices.size() != habit.fixes.size()) return habit.fixes.clear();
    for (std::size_t i = 0; i < habit.fixes.size(); ++i) {
      habit.fixes[i].edits.push_back(mending.choices[i]);
      habit.fixes[i].is_certain = habit.fixes[i].is_certain && !mending.is_guess;
    }
  }

  void report_all() {
    for (const Habit& habit : habits_) {
      Draft draft = s_.reporter.report(habit.places.front(), diag::expected, habit.expected, habit.found);
      const std::size_t others = habit.places.size() - 1;
      for (std::size_t i = 0; i < std::min(others, max_labels); ++i)
        draft.label(habit.places[i + 1], "here too");
      if (others > max_labels) draft.note(fmt::format("and in {} more places", others - max_labels));
      draft.help(habit.help);
      for (const Fix& fix : habit.fixes) draft.fix(fix);
    }
  }

  bool begins_statement() const {
    if (at_setting_ || at(i_).first_on_line || out_.empty()) return true;
    const int before = out_.back().kind;
    return before == Kind::LBRACE || before == Kind::RBRACE;
  }

  // The word after a path that begins with word i: names and strings joined by dots, with arguments.
  std::size_t path_end(std::size_t i) const {
    while (is_name(kind(i)) || kind(i) == Kind::STRING) {
      ++i;
      if (kind(i) == Kind::LPAREN) i = group_end(i);
      if (kind(i) != Kind::DOT) return i;
      ++i;
    }
    return i;
  }
  std::size_t group_end(std::size_t i) const {
    for (int depth = 0; kind(i) != Kind::END && kind(i) != Kind::LBRACE && kind(i) != Kind::RBRACE; ++i) {
      depth += is_open(kind(i)) ? 1 : is_close(kind(i)) ? -1 : 0;
      if (depth == 0) return i + 1;
    }
    return i;
  }
  bool begins_block(std::size_t i) const {
    std::size_t end = path_end(i);
    if (end == i) return false;
    if (is_name(kind(end)) || kind(end) == Kind::STRING) ++end;
    return kind(end) == Kind::LBRACE;
  }
  // Whether a word is a keyword that begins another clause or declaration.
  bool is_keyword(std::size_t i) const { return is_name(kind(i)) && kind(i) != Kind::ID; }
  // Where a value that begins with word i ends: at the end of its line, or before the next statement.
  std::size_t value_end(std::size_t i) const {
    const std::size_t begin = i;
    for (int depth = 0;; ++i) {
      if (kind(i) == Kind::END || kind(i) == Kind::RBRACE || kind(i) == Kind::LBRACE) return i;
      if (depth == 0 && i > begin &&
          (at(i).first_on_line || ends_value(kind(i)) || (kind(i - 1) != Kind::DOT && begins_block(i))))
        return i;
      if (depth == 0 && i == begin && ends_value(kind(i))) return i;
      depth += is_open(kind(i)) ? 1 : is_close(kind(i)) ? -1 : 0;
    }
  }
  // The `{` on the line of word i; nothing if there is none.
  std::optional<std::size_t> brace_on_line(std::size_t i) const {
    for (std::size_t begin = i; kind(i) != Kind::END && (i == begin || !at(i).first_on_line); ++i)
      if (kind(i) == Kind::LBRACE) return i;
    return std::nullopt;
  }

  void keep_to(std::size_t end) {
    while (i_ < end) is_mark(kind(i_)) ? void(++i_) : keep();
  }

  Session& s_;
  const Lexemes& in_;
  Lexemes out_;
  std::size_t i_ = 0;
  int round_ = 0;            // open parentheses and brackets
  bool at_setting_ = false;  // a START is the previous word

 private:
  static constexpr std::size_t max_labels = 3;
  std::vector<Habit> habits_;
  std::map<std::pair<std::string, std::string>, std::size_t> known_;  // by the expected and the found text
};

}  // namespace tunec::syntax
