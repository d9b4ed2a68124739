// The words that people see, with the beginnings of lines, and text that is no word of the language.
#include <algorithm>

#include <fmt/format.h>

#include "base/value.h"
#include "diagnostics/diag.h"
#include "syntax/lexeme.h"

namespace tunec::syntax {
namespace {

std::string_view first_character(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) ++length;
  return text.substr(0, length);
}

std::string describe_stray(std::string_view bytes) {
  const auto first = static_cast<unsigned char>(bytes.front());
  if (first < 0x20 || first == 0x7F) return fmt::format("U+{:04X}", first);
  return fmt::format("`{}`", bytes);
}

// Where text in foreign quotes ends, 'so' or “so”; `at` if there is none.
std::size_t end_of_odd_quotes(std::string_view text, std::size_t at) {
  constexpr std::pair<std::string_view, std::string_view> quotes[] = {
      {"'", "'"}, {"`", "`"}, {"“", "”"}, {"‘", "’"}, {"„", "“"}};
  constexpr std::size_t longest = 1024;  // bytes that are searched after each such quote
  std::string_view line = text.substr(at, longest);
  line = line.substr(0, line.find_first_of("\r\n"));
  for (const auto& [open, close] : quotes) {
    const std::size_t end = line.starts_with(open) ? line.find(close, open.size()) : std::string_view::npos;
    if (end != std::string_view::npos) return at + end + close.size();
  }
  return at;
}

class WordReader {
 public:
  WordReader(Session& session, std::uint32_t begin, std::uint32_t end)
      : s_(session), at_(begin), end_(end), line_begin_(begin) {}

  Lexemes run() {
    out_.reserve((end_ - at_) / 6 + 1);
    while (at_ < end_) {
      const auto [kind, stop] = word_at(s_.text, at_, end_);
      switch (kind) {
        case Kind::BLANK:
        case Kind::COMMENT: break;
        case Kind::NEWLINE:
          new_line_ = true;
          line_begin_ = static_cast<std::uint32_t>(s_.text.substr(at_, stop - at_).find_last_of("\r\n")) +
                        at_ + 1;
          break;
        case Kind::STRAY: stray(stop); continue;
        case Kind::UNTERMINATED: unterminated(stop); break;
        case Kind::SLASH:
          if (const std::uint32_t end = end_of_comment(at_); end > stop) {
            foreign_comment(end);
            continue;
          }
          push(kind, stop, mute_);
          mute_ = false;
          break;
        default: push(kind, stop, mute_); mute_ = false;
      }
      at_ = stop;
    }
    report_foreign_comments();
    out_.push_back({Kind::END, end_, end_, 0, true, mute_});
    return std::move(out_);
  }

 private:
  void push(int kind, std::uint32_t stop, bool muted) {
    if (new_line_) line_word_ = out_.size();
    out_.push_back({kind, at_, stop, new_line_ ? at_ - line_begin_ : 0, new_line_, muted});
    new_line_ = false;
  }

  // The end of `// …` or `/* … */`, which no expression contains; `at` if there is none.
  std::uint32_t end_of_comment(std::uint32_t at) const {
    const std::string_view rest = s_.text.substr(at, end_ - at);
    std::size_t length = 0;
    if (rest.starts_with("//")) length = std::min(rest.find_first_of("\r\n"), rest.size());
    if (rest.starts_with("/*")) length = std::min(rest.find("*/", 2), rest.size() - 2) + 2;
    return at + static_cast<std::uint32_t>(length);
  }

  // Several of them in a file are one habit, reported at the first.
  void foreign_comment(std::uint32_t end) {
    foreign_comments_.push_back({Edit::Kind::replace, s_.span(at_, at_ + 2), "#"});
    s_.mistakes.push_back(at_);
    const std::size_t line = s_.text.substr(at_, end - at_).find_last_of("\r\n");
    if (line != std::string_view::npos) {
      new_line_ = true;
      line_begin_ = at_ + static_cast<std::uint32_t>(line) + 1;
    }
    at_ = end;
  }

  void report_foreign_comments() {
    if (foreign_comments_.empty()) return;
    const Span first = foreign_comments_.front().where;
    const bool ends_with_line = std::ranges::all_of(
        foreign_comments_, [&](const Edit& edit) { return s_.slice(edit.where) == "//"; });
    Draft draft = s_.reporter.report(first, diag::expected, "`#`", fmt::format("`{}`", s_.slice(first)));
    draft.help("a comment begins with `#` and ends with the line");
    if (ends_with_line) draft.fix(Fix{std::move(foreign_comments_), true, {}});
  }

  void unterminated(std::uint32_t stop) {
    push(Kind::UNTERMINATED, stop, true);
    s_.reporter.report(s_.span(at_, stop), diag::unterminated_string);
    for (std::size_t word = line_word_; word < out_.size(); ++word) out_[word].muted = true;
    mute_ = true;
  }

  // Text in foreign quotes is read as a string. A run of other stray characters is reported once; the word
  // after it is muted.
  void stray(std::uint32_t stop) {
    const std::string shown = describe_stray(first_character(s_.text.substr(at_)));
    if (const auto quoted = static_cast<std::uint32_t>(end_of_odd_quotes(s_.text, at_));
        quoted > at_ && quoted <= end_) {
      const std::size_t open = first_character(s_.text.substr(at_)).size();
      // Both quotes have the same length
      const std::string inside(s_.text.substr(at_ + open, quoted - at_ - 2 * open));
      s_.reporter.report(s_.span(at_, quoted), diag::stray_character, shown)
          .help("write strings in \"")
          .fix({Edit::Kind::replace, s_.span(at_, quoted), to_source(Value{inside})}, Certainty::certain);
      push(Kind::STRING, quoted, true);
      while (at_ < quoted) at_ = word_at(s_.text, at_, end_).end;
      return;
    }
    if (foreign_operator() || unquoted_value(shown)) return;
    if (new_line_) line_word_ = out_.size();
    for (RawWord next{Kind::STRAY, stop}; next.kind == Kind::STRAY; next = word_at(s_.text, stop, end_)) {
      stop = next.end;
      if (stop == end_) break;
    }
    auto draft = s_.reporter.report(s_.span(at_, stop), diag::stray_character, shown);
    if (s_.text[at_] == '\'' || s_.text[at_] == '`') draft.help("write strings in \"");
    if (s_.text[at_] == ';') draft.help("statements need no `;`");
    if (s_.text[at_] == ';' && stop == at_ + 1)
      draft.fix({Edit::Kind::replace, s_.span(at_, stop), ""}, Certainty::certain);
    mute_ = true;
    at_ = stop;
  }

  // A replacement for the text from `at_` to `stop`, with blanks where it would otherwise join its
  // neighbours.
  std::string apart(std::string_view word, std::uint32_t stop) const {
    const auto is_blank = [&](std::uint32_t at) {
      return at >= s_.text.size() || std::string_view(" \t\r\n(").find(s_.text[at]) != std::string_view::npos;
    };
    return fmt::format("{}{}{}", at_ == 0 || is_blank(at_ - 1) ? "" : " ", word, is_blank(stop) ? "" : " ");
  }

  // `||` and `!`
  bool foreign_operator() {
    const std::string_view rest = s_.text.substr(at_, end_ - at_);
    const bool is_or = rest.starts_with("||");
    if (!is_or && !(rest.starts_with("!") && rest.size() > 1 && rest[1] != '=')) return false;
    const std::uint32_t stop = at_ + (is_or ? 2 : 1);
    s_.reporter.report(s_.span(at_, stop), diag::stray_character, fmt::format("`{}`", is_or ? "||" : "!"))
        .help(is_or ? "write `or`" : "write `not`")
        .fix({Edit::Kind::replace, s_.span(at_, stop), apart(is_or ? "or" : "not", stop)},
             Certainty::certain);
    push(is_or ? Kind::OR : Kind::NOT, stop, true);
    at_ = stop;
    return true;
  }

  // `core_pattern = |/bin/false`: a value that needs quotes. It goes up to the end of its line, two blanks, a
  // comment or the `}` of its body.
  bool unquoted_value(const std::string& shown) {
    std::size_t value = out_.size();
    while (value > line_word_ && !new_line_ && out_[value - 1].kind != Kind::ASSIGN) --value;
    if (new_line_ || value == line_word_ || out_[value - 1].kind != Kind::ASSIGN) return false;
    const bool joined = value < out_.size() && out_.back().end == at_;
    if (value < out_.size() && !joined && out_[value].kind != Kind::SLASH) return false;
    const std::uint32_t begin = value < out_.size() ? out_[value].begin : at_;
    const std::string_view line = s_.text.substr(
        begin, std::min(s_.text.find_first_of("\r\n", at_), std::size_t{end_}) - begin);
    std::size_t length = line.size();
    for (const std::string_view end : {"  ", "\t", " #", " }", ";", "\""})
      length = std::min(length, line.find(end, at_ - begin));
    while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\t')) --length;
    const auto stop = begin + static_cast<std::uint32_t>(length);
    if (stop <= at_) return false;
    const std::string text(line.substr(0, length));
    s_.reporter.report(s_.span(begin, stop), diag::stray_character, shown)
        .help(fmt::format("text stands in quotes: write `{}`", to_source(Value{text})))
        .fix({Edit::Kind::replace, s_.span(begin, stop), to_source(Value{text})}, Certainty::certain);
    out_.resize(value);
    at_ = begin;
    push(Kind::STRING, stop, true);
    at_ = stop;
    return true;
  }

  Session& s_;
  std::uint32_t at_, end_, line_begin_;
  Lexemes out_;
  std::size_t line_word_ = 0;  // the first visible word of this line
  bool new_line_ = true, mute_ = false;
  std::vector<Edit> foreign_comments_;
};

}  // namespace

Lexemes visible_words(Session& session, std::uint32_t begin, std::uint32_t end) {
  return WordReader(session, begin, end).run();
}

}  // namespace tunec::syntax
