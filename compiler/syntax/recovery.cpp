// How the parser continues after a mistake, so that N mistakes give N messages. ANTLR's own strategy drops
// too much: it deletes and invents words one at a time. Our strategy relies on two results of the earlier
// passes: braces match, and START marks every setting (lexeme.h explains START and BREAK). After a mistake,
// the rest of the statement is skipped, up to
//
//   - the `}` of the current body (groups { … } on the way are skipped whole),
//   - a line that begins with a setting, a block or a statement's keyword, or with any name that is not
//     indented deeper than the statement was; between declarations, a line that begins with one of their
//     keywords,
//   - on the same line, a word that an enclosing rule expects: `,` `)` `]` `because` and a body's `{`.
//
// Nothing more is reported until a word matches again. Each list (of statements, of declarations) checks in
// sync() that the next word begins an item, so its loop ends only at the end of the list.
#include <fmt/format.h>

#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "syntax/antlr.h"
#include "syntax/keywords.h"

namespace tunec::syntax {
namespace {

using Set = antlr4::misc::IntervalSet;

enum class Level { file, policy, test, body, none };

Level level_of(std::size_t rule) {
  switch (rule) {
    case TuneParser::RuleDeclaration: return Level::file;
    case TuneParser::RulePolicy:
    case TuneParser::RuleBudget: return Level::policy;
    case TuneParser::RuleTest: return Level::test;
    case TuneParser::RuleBody: return Level::body;
    default: return Level::none;
  }
}

constexpr std::string_view compares = "`==` compares, `=` sets";

std::string_view item_of(Level level) {
  switch (level) {
    case Level::file: return "a declaration";
    case Level::policy: return "a clause of the policy (`require`, `forbid`, `when`, …)";
    case Level::test: return "`host` or `expect`";
    default: return "a statement";
  }
}

std::string_view literal_name(std::size_t kind) {
  switch (kind) {
    case TuneParser::ASSIGN: return "`=`";
    case TuneParser::LBRACE: return "`{`";
    case TuneParser::RBRACE: return "`}`";
    case TuneParser::RPAREN: return "`)`";
    case TuneParser::RBRACKET: return "`]`";
    case TuneParser::DOTS: return "`..`";
    case TuneParser::BECAUSE: return "`because` and a reason";
    case TuneParser::AVAILABLE: return "`available`";
    case TuneParser::TYPE: return "`type`";
    case TuneParser::ON: return "`on`";
    case TuneParser::HOST: return "`host`";
    case TuneParser::DATE: return "a date such as 2027-03-31";
    case TuneParser::STRING: return "a string";
    case TuneParser::INT: return "a number";
    case antlr4::Token::EOF: return "the end";
    default: return "";
  }
}

class Recovery final : public antlr4::ANTLRErrorStrategy {
 public:
  Recovery(Session& session, const Words& words) : session_(session), words_(words) {}

  void reset(antlr4::Parser*) override { recovering_ = false; }
  bool inErrorRecoveryMode(antlr4::Parser*) override { return recovering_; }
  void reportMatch(antlr4::Parser*) override { recovering_ = false; }

  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& e) override {
    report(*parser, e.getOffendingToken()->getTokenIndex(), expected(*parser));
  }

  void sync(antlr4::Parser* parser) override {
    const Level level = level_of(parser->getContext()->getRuleIndex());
    if (level == Level::none) return;
    const std::size_t next = parser->getTokenStream()->LA(1);
    if (next_kinds(*parser).contains(next)) return;
    report(*parser, index(*parser), std::string(item_of(level)));
    skip(*parser, level, {}, line_column(index(*parser)));
  }

  void recover(antlr4::Parser* parser, std::exception_ptr) override {
    Level level = Level::none;
    std::uint32_t column = 0;
    Set wanted;
    const auto& atn = parser->getATN();
    for (auto* at = static_cast<antlr4::RuleContext*>(parser->getContext());
         at->parent != nullptr && level == Level::none;) {
      const auto* call = atn.states[at->invokingState]->transitions[0];
      wanted.addAll(atn.nextTokens(static_cast<const antlr4::atn::RuleTransition*>(call)->followState));
      column = line_column(static_cast<antlr4::ParserRuleContext*>(at)->start->getTokenIndex());
      at = static_cast<antlr4::RuleContext*>(at->parent);
      level = level_of(at->getRuleIndex());
    }
    if (parser->getContext()->getRuleIndex() == TuneParser::RuleDeclaration) level = Level::file;
    skip(*parser, level, wanted, column);
  }

  antlr4::Token* recoverInline(antlr4::Parser* parser) override {
    if (!recovering_ && drop_until_wanted(*parser)) {
      antlr4::Token* matched = parser->getCurrentToken();
      recovering_ = false;
      parser->consume();
      return matched;
    }
    throw antlr4::InputMismatchException(parser);
  }

 private:
  static std::size_t index(antlr4::Parser& parser) { return parser.getTokenStream()->index(); }
  static const Set& next_kinds(antlr4::Parser& parser) {
    const auto& atn = parser.getATN();
    return atn.nextTokens(atn.states[parser.getState()]);
  }
  const Lexeme& at(std::size_t index) const { return words_.word(index).lexeme; }
  bool is(std::size_t index, std::size_t kind) const { return words_.word(index).getType() == kind; }

  // Drops the words before the one that is wanted: anything on this line before a body's `{`, otherwise one
  // word.
  bool drop_until_wanted(antlr4::Parser& parser) {
    const Set& wanted = next_kinds(parser);
    const std::size_t from = index(parser);
    std::size_t to = from;
    const bool body = wanted.contains(static_cast<std::size_t>(TuneParser::LBRACE));
    do {
      if (at(to).kind < 0 || at(to).first_on_line || is(to, TuneParser::START) || is(to, TuneParser::RBRACE))
        return false;
      if (is(to, TuneParser::LBRACE)) return false;
      ++to;
    } while (body && !is(to, TuneParser::LBRACE));
    if (!wanted.contains(words_.word(to).getType()) || (at(to).first_on_line && !body)) return false;
    report(parser, from, expected(parser));
    while (index(parser) < to) parser.consume();
    return true;
  }

  std::size_t after_group(std::size_t i) const {
    int depth = 0;
    for (;; ++i) {
      if (at(i).kind < 0) return i;
      if (is(i, TuneParser::LBRACE)) ++depth;
      if (is(i, TuneParser::RBRACE) && --depth == 0) return i + 1;
    }
  }

  std::uint32_t line_column(std::size_t i) const {
    while (i > 0 && !at(i).first_on_line) --i;
    return at(i).column;
  }

  bool line_has_block(std::size_t i) const {
    for (++i; at(i).kind >= 0 && !at(i).first_on_line && !is(i, TuneParser::RBRACE); ++i)
      if (is(i, TuneParser::LBRACE)) return true;
    return false;
  }

  bool goes_on_at(std::size_t i, Level level, std::uint32_t column) const {
    const Lexeme& word = at(i);
    const auto kind = words_.word(i).getType();
    if (word.kind < 0) return true;
    if (kind == TuneParser::RBRACE) return level != Level::file;
    if (!word.first_on_line) return false;
    switch (level) {
      case Level::file: return keyword_begins(word.kind, Keyword::declaration);
      case Level::policy: return keyword_begins(word.kind, Keyword::clause);
      case Level::test: return keyword_begins(word.kind, Keyword::test_item);
      case Level::body:
        if (kind == TuneParser::START || keyword_begins(word.kind, Keyword::statement)) return true;
        return (kind == TuneParser::ID || kind == TuneParser::STRING) &&
               (word.column <= column || line_has_block(i));
      case Level::none: return false;
    }
    return false;
  }

  static bool can_wait(std::size_t kind) {
    return kind == TuneParser::COMMA || kind == TuneParser::RPAREN || kind == TuneParser::RBRACKET ||
           kind == TuneParser::BECAUSE || kind == TuneParser::LBRACE;
  }

  void skip(antlr4::Parser& parser, Level level, const Set& wanted, std::uint32_t column) {
    std::size_t i = index(parser);
    bool same_line = true;
    while (!goes_on_at(i, level, column)) {
      const std::size_t kind = words_.word(i).getType();
      if (i > index(parser) && at(i).first_on_line) same_line = false;
      if (same_line && can_wait(kind) && wanted.contains(kind)) break;
      i = kind == TuneParser::LBRACE ? after_group(i) : i + 1;
    }
    parser.getTokenStream()->seek(i);
  }

  std::string expected(antlr4::Parser& parser) const {
    auto* context = parser.getContext();
    const auto* above = static_cast<antlr4::RuleContext*>(context->parent);
    if (context->getRuleIndex() == TuneParser::RuleBody && above != nullptr &&
        above->getRuleIndex() == TuneParser::RuleBlock)
      return is(index(parser) - 1, TuneParser::STRING) ? "`{`" : "`=` or `{`";
    Set kinds = next_kinds(parser);
    if (kinds.contains(antlr4::Token::EPSILON)) kinds = parser.getExpectedTokens();
    if (kinds.contains(static_cast<std::size_t>(TuneParser::HEX))) return "a value";
    if (context->getRuleIndex() == TuneParser::RuleArguments) return "`,` or `)`";
    if (context->getRuleIndex() == TuneParser::RuleList) return "`,` or `]`";
    std::vector<std::string_view> names;
    const bool takes_names = kinds.contains(static_cast<std::size_t>(TuneParser::ID));
    if (takes_names) names.push_back("a name");
    for (const ssize_t kind : kinds.toList()) {
      const auto name = literal_name(static_cast<std::size_t>(kind));
      const bool is_name = kind >= static_cast<ssize_t>(TuneParser::SITE) &&
                           kind <= static_cast<ssize_t>(TuneParser::ID);
      if (!name.empty() && !(is_name && takes_names) && names.size() < 3) names.push_back(name);
    }
    return names.empty() ? "something else" : fmt::format("{}", fmt::join(names, " or "));
  }

  std::string found(std::size_t i) const {
    const Lexeme& word = at(i);
    if (word.kind < 0) return word.end < session_.text.size() ? "`}`" : "the end of the file";
    if (is(i, TuneParser::START))
      return is(i + 1, TuneParser::STRING) ? "a setting"
                                           : fmt::format("the setting `{}`", session_.slice(at(i + 1)));
    if (word.end == word.begin) return found(i + 1);
    if (word.kind == TuneParser::STRING) return "a string";
    const auto text = session_.slice(word);
    return text.size() > 40 ? fmt::format("`{}…`", text.substr(0, 40)) : fmt::format("`{}`", text);
  }

  void report(antlr4::Parser& parser, std::size_t i, const std::string& wanted) {
    if (recovering_) return;
    recovering_ = true;
    near_.reset();
    const std::string help = likely(parser, i);
    // A condition that was marked as a setting because of its `=`
    if (help == compares && is(i, TuneParser::START)) {
      const std::size_t start = i;
      while (at(i).kind >= 0 && !is(i, TuneParser::ASSIGN)) ++i;
      if (at(i).kind < 0) i = start;
    }
    Lexeme place = at(i);
    if (place.kind == TuneParser::START || place.kind == TuneParser::BREAK) place = at(i + 1);
    session_.mistakes.push_back(place.begin);
    if (at(i).muted) return;
    const bool nowhere = place.begin == place.end && i > 0;
    if (nowhere && place.kind >= 0) place.begin = place.end = at(i - 1).end;
    auto draft = session_.reporter.report(session_.span(place.begin, place.end), diag::expected,
                                          help == compares ? "`==`" : wanted, found(i));
    if (near_) draft.did_you_mean(*near_, "", "", near_place_);
    else if (!help.empty()) draft.help(help);
    if (help == compares && session_.slice(place) == "=")
      draft.fix({Edit::Kind::replace, session_.span(place.begin, place.end), "=="}, Certainty::certain);
  }

  // `require a = b`: whether a condition began on this line.
  bool in_condition(std::size_t i) const {
    while (i > 0 && !at(i).first_on_line) {
      const std::size_t kind = words_.word(--i).getType();
      if (kind == TuneParser::REQUIRE || kind == TuneParser::FORBID || kind == TuneParser::EXPECT ||
          kind == TuneParser::WHEN)
        return true;
      if (kind == TuneParser::LBRACE || kind == TuneParser::RBRACE) return false;
    }
    return false;
  }

  std::string did_you_mean(std::size_t i, std::span<const std::string_view> names) {
    if (is(i, TuneParser::ID)) near_ = nearest(session_.slice(at(i)), names);
    near_place_ = session_.span(at(i).begin, at(i).end);
    return {};
  }

  // What was probably meant; empty if nothing is near.
  std::string likely(antlr4::Parser& parser, std::size_t i) {
    auto* context = parser.getContext();
    if ((is(i, TuneParser::ASSIGN) || is(i, TuneParser::START)) && in_condition(i))
      return std::string(compares);
    switch (level_of(context->getRuleIndex())) {
      case Level::file:
        if (is(i, TuneParser::START)) return "settings stand in a `host`, a `profile` or another body";
        return did_you_mean(i, keywords_that_begin(Keyword::declaration));
      case Level::policy: return did_you_mean(i, keywords_that_begin(Keyword::clause));
      default: break;
    }
    const auto* above = static_cast<antlr4::ParserRuleContext*>(context->parent);
    const bool in_block = above != nullptr && above->getRuleIndex() == TuneParser::RuleBlock;
    return in_block ? did_you_mean(above->start->getTokenIndex(), keywords_that_begin(Keyword::statement))
                    : std::string();
  }

  Session& session_;
  const Words& words_;
  bool recovering_ = false;
  std::optional<Near> near_;  // for the current word
  Span near_place_;
};

}  // namespace

std::shared_ptr<antlr4::ANTLRErrorStrategy> make_recovery(Session& session, const Words& words) {
  return std::make_shared<Recovery>(session, words);
}

}  // namespace tunec::syntax
