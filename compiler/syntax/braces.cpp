// Makes braces match before the parser sees them. If all match (nearly always) this only counts. If not, how far
// lines are indented tells which brace was forgotten:
//
//   host a {
//     sysctl {          ← never closed: the `}` below stands left of it
//       x = 1
//   }
//
// Guessing stops once as many were found as the count says are missing, so that a file with unusual indentation gets
// the right number of messages, if not always at the best place.
#include <algorithm>

#include "diagnostics/diag.h"
#include "syntax/lexeme.h"

namespace tunec::syntax {
namespace {

bool is_char(std::string_view text, const Lexeme& word, char c) { return word.end == word.begin + 1 && text[word.begin] == c; }

struct Opener {
  Lexeme word;
  std::uint32_t indent;  // of its line
};

struct Balance {
  int missing = 0;  // `{` with no `}`
  int extra = 0;    // `}` with no `{`
};

Balance count(std::string_view text, const std::vector<Lexeme>& words) {
  Balance balance;
  for (const Lexeme& word : words) {
    if (is_char(text, word, '{')) ++balance.missing;
    if (is_char(text, word, '}')) --(balance.missing > 0 ? balance.missing : balance.extra);
  }
  balance.extra = -balance.extra;
  return balance;
}

// `x = "abc }`: the string swallowed the brace, so give back the braces at its end.
void split_unterminated(std::string_view text, const Kinds& kinds, std::vector<Lexeme>& words, int& missing) {
  std::vector<Lexeme> out;
  out.reserve(words.size() + 8);
  for (Lexeme word : words) {
    std::vector<Lexeme> tail;
    if (word.kind == kinds.unterminated) {
      const auto ends_in_brace_or_blank = [&] { return std::string_view("} \t").find(text[word.end - 1]) != std::string_view::npos; };
      while (missing > 0 && word.end > word.begin + 1 && ends_in_brace_or_blank()) {
        --word.end;
        if (text[word.end] != '}') continue;
        tail.push_back({kinds.closing_brace, word.end, word.end + 1, 0, false, true});
        --missing;
      }
    }
    out.push_back(word);
    out.insert(out.end(), tail.rbegin(), tail.rend());
  }
  words = std::move(out);
}

class Matcher {
 public:
  Matcher(std::string_view text, FileId file, const Kinds& kinds, Balance balance, Reporter& reporter)
      : text_(text), file_(file), kinds_(kinds), balance_(balance), reporter_(reporter) {}

  std::vector<Lexeme> run(const std::vector<Lexeme>& words) {
    for (const Lexeme& word : words) {
      if (word.kind < 0) close_all();
      if (word.first_on_line) begin_line(word);
      if (is_char(text_, word, '{')) open_.push_back({word, indent_});
      if (is_char(text_, word, '}') && !close(word)) continue;
      out_.push_back(word);
    }
    return std::move(out_);
  }
  std::vector<ExtraBrace> extra() { return unclosed_ ? std::vector<ExtraBrace>{} : std::move(extra_); }

 private:
  void begin_line(const Lexeme& word) {
    indent_ = word.column;
    while (balance_.missing > 0 && !open_.empty() && stands_outside(word, open_.back())) give_up_innermost();
    if (open_.empty() && kinds_.begins_declaration(word.kind)) region_ = word.begin;
  }
  bool stands_outside(const Lexeme& word, const Opener& opener) const {
    if (is_char(text_, word, '}')) return word.column < opener.indent;
    return kinds_.is_name(word.kind) && word.column <= opener.indent;
  }
  void give_up_innermost() {
    const Lexeme& word = open_.back().word;
    reporter_.report({file_, word.begin, word.end}, diag::unclosed, "{");
    const std::uint32_t at = out_.back().end;
    out_.push_back({kinds_.closing_brace, at, at, 0, false, true});
    open_.pop_back();
    --balance_.missing;
    unclosed_ = true;
  }
  void close_all() {
    while (!open_.empty()) give_up_innermost();
  }
  bool close(const Lexeme& word) {
    const bool stray = !open_.empty() && balance_.extra > 0 && word.first_on_line && word.column > open_.back().indent;
    if (open_.empty() || stray) {
      extra_.push_back({open_.empty() ? region_ : open_.back().word.begin, word.begin});
      --balance_.extra;
      return false;
    }
    open_.pop_back();
    return true;
  }

  std::string_view text_;
  FileId file_;
  const Kinds& kinds_;
  Balance balance_;
  Reporter& reporter_;
  std::vector<Lexeme> out_;
  std::vector<Opener> open_;
  std::vector<ExtraBrace> extra_;
  std::uint32_t indent_ = 0, region_ = 0;
  bool unclosed_ = false;
};

}  // namespace

bool depth_is_bounded(std::string_view text, FileId file, const std::vector<Lexeme>& words, Reporter& reporter) {
  int depth = 0;
  for (const Lexeme& word : words) {
    if (word.end != word.begin + 1) continue;
    const char c = text[word.begin];
    if (c == '{' || c == '(' || c == '[') ++depth;
    if ((c == '}' || c == ')' || c == ']') && depth > 0) --depth;
    if (depth <= max_depth) continue;
    reporter.report({file, word.begin, word.end}, diag::nested_too_deep, max_depth);
    return false;
  }
  return true;
}

std::vector<ExtraBrace> match_braces(std::string_view text, FileId file, const Kinds& kinds, std::vector<Lexeme>& words,
                                     Reporter& reporter) {
  Balance balance = count(text, words);
  if (balance.missing > 0) split_unterminated(text, kinds, words, balance.missing);
  if (balance.missing == 0 && balance.extra == 0) return {};
  Matcher matcher(text, file, kinds, balance, reporter);
  words = matcher.run(words);
  return matcher.extra();
}

}  // namespace tunec::syntax
