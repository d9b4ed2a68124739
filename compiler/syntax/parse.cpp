// Drives the front end: bytes → words → words with matching braces and marked settings → parse tree → AST. It
// handles one declaration after the other, so that the parse tree of a big file is never in memory as a
// whole.
#include "syntax/parse.h"

#include <algorithm>

#include "diagnostics/diag.h"
#include "syntax/lower.h"
#include "syntax/pieces.h"
#include "syntax/recovering_parser.h"
#include "syntax/walker.h"

namespace tunec {
namespace syntax {
namespace {

void report_extra_braces(Session& session, const std::vector<ExtraBrace>& extra) {
  std::ranges::sort(session.mistakes);
  for (const ExtraBrace& brace : extra) {
    const auto mistake = std::ranges::lower_bound(session.mistakes, brace.region);
    if (mistake != session.mistakes.end() && *mistake <= brace.at) continue;
    session.reporter.report(session.span(brace.at, brace.at + 1), diag::expected, "a declaration", "`}`")
        .help("this brace closes nothing");
  }
}

std::vector<ast::Declaration> parse_all(Session& session) {
  if (auto all = parse_in_pieces(session)) return *std::move(all);
  std::vector<ast::Declaration> out;
  Lexemes words = visible_words(session, 0, static_cast<std::uint32_t>(session.text.size()));
  if (!depth_is_bounded(session, words)) return out;
  const auto extra = match_braces(session, words);
  for (Lexeme& word : words)
    if (word.kind == Kind::UNTERMINATED) word.kind = Kind::STRING;
  mark_settings(words);
  if (std::uint32_t at = lower_good(session, words, out); words[at].kind != Kind::END) {
    words = mend_habits(session, {words.begin() + at, words.end()});
    at = lower_good(session, words, out);
    if (words[at].kind != Kind::END) {
      RecoveringParser parser(session, words, at);
      while (!parser.at_end()) lower(session, words, parser.declaration().front(), out);
    }
  }
  report_extra_braces(session, extra);
  return out;
}

std::vector<Token> all_words(FileId file, std::string_view text) {
  const auto end = static_cast<std::uint32_t>(text.size());
  std::vector<Token> words;
  for (std::uint32_t at = 0; at < end;) {
    const RawWord word = word_at(text, at, end);
    words.push_back({word.kind, {file, at, word.end}});
    at = word.end;
  }
  return words;
}

}  // namespace

std::uint32_t lower_good(Session& session, const Lexemes& words, std::vector<ast::Declaration>& out) {
  Cst tree;
  for (std::uint32_t at = 0; words[at].kind != Kind::END; tree.clear()) {
    const Walked walked = walk(words, at, Rule::declaration, tree);
    if (!walked.whole) return at;
    lower(session, words, tree.front(), out);
    at = walked.end;
  }
  return static_cast<std::uint32_t>(words.size() - 1);
}

ast::Expr parse_hole(Session& session, std::uint32_t begin, std::uint32_t end) {
  const Lexemes words = visible_words(session, begin, end);
  if (!depth_is_bounded(session, words)) return {ast::Missing{}, session.span(begin, end)};
  Cst tree;
  const Walked walked = walk(words, 0, Rule::expr, tree);
  if (!walked.whole || words[walked.end].kind != Kind::END) tree = RecoveringParser(session, words, 0).hole();
  return lower_expr(session, words, tree.front());
}

}  // namespace syntax

SyntaxTree parse(FileId file, const Sources& sources, Reporter& reporter, KeepTokens keep) {
  const std::string_view text = sources.text(file);
  syntax::Session session{file, text, reporter};
  SyntaxTree tree{file, {}, {syntax::parse_all(session)}};
  if (keep == KeepTokens::yes) tree.tokens = syntax::all_words(file, text);
  return tree;
}

}  // namespace tunec
