// Drives the front end: bytes → words (ANTLR's lexer) → words with matching braces and marked settings → parse tree
// (ANTLR's parser) → AST. Lexing goes straight to ANTLR's automaton and makes no token objects for blanks and comments.
#include "syntax/parse.h"

#include <algorithm>

#include <fmt/format.h>

#include "diagnostics/diag.h"
#include "syntax/antlr.h"

namespace tunec {
namespace syntax {
namespace {

constexpr Kinds kinds{.start = TuneLexer::START,
                      .broken = TuneLexer::BREAK,
                      .closing_brace = TuneLexer::RBRACE,
                      .name_first = TuneLexer::SITE,
                      .name_last = TuneLexer::ID,
                      .declaration_first = TuneLexer::SITE,
                      .declaration_last = TuneLexer::TEST,
                      .string = TuneLexer::STRING,
                      .unterminated = TuneLexer::UNTERMINATED,
                      .assign = TuneLexer::ASSIGN,
                      .dot = TuneLexer::DOT,
                      .include = TuneLexer::INCLUDE};

bool is_hidden(int kind) { return kind == TuneLexer::BLANK || kind == TuneLexer::NEWLINE || kind == TuneLexer::COMMENT; }

std::vector<Token> all_words(FileId file, std::string_view text, std::size_t begin, std::size_t end) {
  Characters characters(text, begin, end);
  TuneLexer lexer(&characters);
  auto* automaton = lexer.getInterpreter<antlr4::atn::LexerATNSimulator>();
  std::vector<Token> words;
  words.reserve((end - begin) / 3);
  while (characters.index() < end) {
    const auto at = static_cast<std::uint32_t>(characters.index());
    const std::size_t kind = automaton->match(&characters, TuneLexer::DEFAULT_MODE);
    words.push_back({static_cast<int>(kind), {file, at, static_cast<std::uint32_t>(characters.index())}});
  }
  return words;
}

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

// Where text in quotes of another kind ends, 'so' or “so”; `at` if it is none.
std::size_t end_of_odd_quotes(std::string_view text, std::size_t at) {
  constexpr std::pair<std::string_view, std::string_view> quotes[] = {{"'", "'"}, {"`", "`"}, {"“", "”"}, {"‘", "’"}, {"„", "“"}};
  const std::string_view line = text.substr(at, std::min(text.find_first_of("\r\n", at), text.size()) - at);
  for (const auto& [open, close] : quotes) {
    const std::size_t end = line.starts_with(open) ? line.find(close, open.size()) : std::string_view::npos;
    if (end != std::string_view::npos) return at + end + close.size();
  }
  return at;
}

// One report for a run of strays; the word after it is muted.
std::size_t report_strays(Session& session, const std::vector<Token>& words, std::size_t from) {
  std::size_t to = from + 1;
  while (to < words.size() && words[to].kind == TuneLexer::STRAY) ++to;
  const Span span = session.span(words[from].span.begin, words[to - 1].span.end);
  auto draft = session.reporter.report(span, diag::stray_character, describe_stray(first_character(session.text.substr(span.begin))));
  if (session.text[span.begin] == '\'' || session.text[span.begin] == '`') draft.help("strings stand in \"");
  if (session.text[span.begin] == ';') draft.help("nothing ends a statement: leave it out");
  return to - 1;
}

std::vector<Lexeme> visible(Session& session, const std::vector<Token>& words, std::uint32_t end) {
  std::vector<Lexeme> out;
  out.reserve(words.size() / 2 + 1);
  bool new_line = true;
  bool mute = false;
  std::uint32_t line_begin = words.empty() ? 0 : words.front().span.begin;
  std::size_t line_word = 0;  // the first visible one of this line
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& [kind, span] = words[i];
    if (kind == TuneLexer::NEWLINE) {
      new_line = true;
      const std::size_t last = session.text.substr(0, span.end).find_last_of("\r\n");
      line_begin = static_cast<std::uint32_t>(last + 1);
    }
    if (is_hidden(kind)) continue;
    if (new_line) line_word = out.size();
    if (kind == TuneLexer::STRAY) {
      if (const auto quoted = static_cast<std::uint32_t>(end_of_odd_quotes(session.text, span.begin)); quoted > span.begin && quoted <= end) {
        session.reporter.report(session.span(span.begin, quoted), diag::stray_character, describe_stray(first_character(session.text.substr(span.begin)))).help("strings stand in \"");
        out.push_back({TuneLexer::STRING, span.begin, quoted, new_line ? span.begin - line_begin : 0, new_line, true});
        while (i + 1 < words.size() && words[i + 1].span.begin < quoted) ++i;
        new_line = false;
        continue;
      }
      i = report_strays(session, words, i);
      mute = true;
      continue;
    }
    out.push_back({kind, span.begin, span.end, new_line ? span.begin - line_begin : 0, new_line, mute});
    mute = new_line = false;
    if (kind != TuneLexer::UNTERMINATED) continue;
    session.reporter.report(span, diag::unterminated_string);
    for (std::size_t word = line_word; word < out.size(); ++word) out[word].muted = true;
    mute = true;
  }
  out.push_back({-1, end, end, 0, true, mute});
  return out;
}

class Parser {
 public:
  Parser(Session& session, const std::vector<Lexeme>& lexemes) : words_(lexemes), parser_(&words_) {
    parser_.removeErrorListeners();
    parser_.setErrorHandler(make_recovery(session, words_));
  }
  TuneParser* operator->() { return &parser_; }

 private:
  Words words_;
  TuneParser parser_;
};

void report_extra_braces(Session& session, const std::vector<ExtraBrace>& extra) {
  std::sort(session.mistakes.begin(), session.mistakes.end());
  for (const ExtraBrace& brace : extra) {
    const auto mistake = std::lower_bound(session.mistakes.begin(), session.mistakes.end(), brace.region);
    if (mistake != session.mistakes.end() && *mistake <= brace.at) continue;
    session.reporter.report(session.span(brace.at, brace.at + 1), diag::expected, "a declaration", "`}`")
        .help("this brace closes nothing");
  }
}

ast::File parse_words(Session& session, const std::vector<Token>& words) {
  std::vector<Lexeme> lexemes = visible(session, words, static_cast<std::uint32_t>(session.text.size()));
  if (!depth_is_bounded(session.text, session.file, lexemes, session.reporter)) return {};
  const auto extra = match_braces(session.text, session.file, kinds, lexemes, session.reporter);
  for (Lexeme& lexeme : lexemes)
    if (lexeme.kind == TuneLexer::UNTERMINATED) lexeme.kind = TuneLexer::STRING;
  mark_settings(session.text, kinds, lexemes);
  Parser parser(session, lexemes);
  ast::File file;
  while (parser->getTokenStream()->LA(1) != antlr4::Token::EOF) {
    lower(session, *parser->declaration(), file);
    parser->getTreeTracker().reset();
  }
  report_extra_braces(session, extra);
  return file;
}

}  // namespace

ast::Expr parse_hole(Session& session, std::uint32_t begin, std::uint32_t end) {
  const auto lexemes = visible(session, all_words(session.file, session.text, begin, end), end);
  if (!depth_is_bounded(session.text, session.file, lexemes, session.reporter)) return {ast::Missing{}, session.span(begin, end)};
  Parser parser(session, lexemes);
  return lower_expr(session, parser->hole()->expr());
}

}  // namespace syntax

SyntaxTree parse(FileId file, const Sources& sources, Reporter& reporter, KeepTokens keep) {
  const std::string_view text = sources.text(file);
  syntax::Session session{file, text, reporter, {}};
  std::vector<Token> words = syntax::all_words(file, text, 0, text.size());
  SyntaxTree tree{file, {}, syntax::parse_words(session, words)};
  if (keep == KeepTokens::yes) tree.tokens = std::move(words);
  return tree;
}

}  // namespace tunec
