// Makes braces match before the parser sees them. If all match (nearly always), this only counts them. If
// not, the indentation of lines shows which brace was forgotten:
//
//   host a {
//     sysctl {          ← never closed: the `}` below stands left of it
//       x = 1
//   }
//
// Guessing stops once it has found as many braces as the count shows to be missing. So a file with unusual
// indentation gets the right number of messages, though not always at the best place.
#include <algorithm>

#include "diagnostics/diag.h"
#include "syntax/lexeme.h"

namespace tunec::syntax {
namespace {

struct Opener {
  Lexeme word;
  std::uint32_t indent;  // of its line
};

struct Balance {
  int missing = 0;  // `{` with no `}`
  int extra = 0;    // `}` with no `{`
};

Balance count(const Lexemes& words) {
  Balance balance;
  for (const Lexeme& word : words) {
    if (word.kind == Kind::LBRACE) ++balance.missing;
    if (word.kind == Kind::RBRACE) --(balance.missing > 0 ? balance.missing : balance.extra);
  }
  balance.extra = -balance.extra;
  return balance;
}

// `x = "abc }`: the string took the brace, so the braces at its end are given back.
void split_unterminated(std::string_view text, Lexemes& words, int& missing) {
  Lexemes out;
  out.reserve(words.size() + 8);
  for (Lexeme word : words) {
    Lexemes tail;
    if (word.kind == Kind::UNTERMINATED) {
      const auto ends_in_brace_or_blank = [&] {
        return std::string_view("} \t").find(text[word.end - 1]) != std::string_view::npos;
      };
      while (missing > 0 && word.end > word.begin + 1 && ends_in_brace_or_blank()) {
        --word.end;
        if (text[word.end] != '}') continue;
        tail.push_back({Kind::RBRACE, word.end, word.end + 1, 0, false, true});
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
  Matcher(Session& session, Balance balance) : s_(session), balance_(balance) {}

  Lexemes run(const Lexemes& words) {
    for (const Lexeme& word : words) {
      if (word.kind < 0) close_all();
      if (word.first_on_line) begin_line(word);
      if (word.kind == Kind::LBRACE) open_.push_back({word, indent_});
      if (word.kind == Kind::RBRACE && !close(word)) continue;
      out_.push_back(word);
    }
    return std::move(out_);
  }
  std::vector<ExtraBrace> extra() { return unclosed_ ? std::vector<ExtraBrace>{} : std::move(extra_); }

 private:
  void begin_line(const Lexeme& word) {
    indent_ = word.column;
    while (balance_.missing > 0 && !open_.empty() && stands_outside(word, open_.back())) give_up_innermost();
    if (open_.empty() && begins_declaration(word.kind)) region_ = word.begin;
  }
  bool stands_outside(const Lexeme& word, const Opener& opener) const {
    if (word.kind == Kind::RBRACE) return word.column < opener.indent;
    return is_name(word.kind) && word.column <= opener.indent;
  }
  void give_up_innermost() {
    const Lexeme& word = open_.back().word;
    s_.reporter.report(s_.span(word.begin, word.end), diag::unclosed, "{");
    const std::uint32_t at = out_.back().end;
    out_.push_back({Kind::RBRACE, at, at, 0, false, true});
    open_.pop_back();
    --balance_.missing;
    unclosed_ = true;
  }
  void close_all() {
    while (!open_.empty()) give_up_innermost();
  }
  bool close(const Lexeme& word) {
    const bool stray = !open_.empty() && balance_.extra > 0 && word.first_on_line &&
                       word.column > open_.back().indent;
    if (open_.empty() || stray) {
      extra_.push_back({open_.empty() ? region_ : open_.back().word.begin, word.begin});
      --balance_.extra;
      return false;
    }
    open_.pop_back();
    return true;
  }

  Session& s_;
  Balance balance_;
  Lexemes out_;
  std::vector<Opener> open_;
  std::vector<ExtraBrace> extra_;
  std::uint32_t indent_ = 0, region_ = 0;
  bool unclosed_ = false;
};

}  // namespace

bool depth_is_bounded(Session& session, const Lexemes& words) {
  int depth = 0;
  for (const Lexeme& word : words) {
    switch (word.kind) {
      case Kind::LBRACE:
      case Kind::LPAREN:
      case Kind::LBRACKET: ++depth; break;
      case Kind::RBRACE:
      case Kind::RPAREN:
      case Kind::RBRACKET: depth = std::max(depth - 1, 0); break;
      default: break;
    }
    if (depth <= max_depth) continue;
    session.reporter.report(session.span(word.begin, word.end), diag::nested_too_deep, max_depth);
    return false;
  }
  return true;
}

std::vector<ExtraBrace> match_braces(Session& session, Lexemes& words) {
  Balance balance = count(words);
  if (balance.missing > 0) split_unterminated(session.text, words, balance.missing);
  if (balance.missing == 0 && balance.extra == 0) return {};
  Matcher matcher(session, balance);
  words = matcher.run(words);
  return matcher.extra();
}

}  // namespace tunec::syntax
