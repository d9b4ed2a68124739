// tunec's lexer and parser run on tables made from ANTLR's automata. The law: they find the same words and
// the same tree as ANTLR's own lexer and parser, and a mistake at the same word.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include <fmt/ranges.h>

#include "support/antlr_reference.h"
#include "support/ast_generators.h"
#include "syntax/print.h"
#include "syntax/walker.h"

namespace tunec {
namespace {

using namespace syntax;

// Returns the first difference between the words of both lexers, or an empty text.
std::string words_differ(std::string_view text) {
  std::uint32_t at = 0;
  for (const RawWord& expected : test::antlr_words(text)) {
    const RawWord word = word_at(text, at, static_cast<std::uint32_t>(text.size()));
    if (word.kind != expected.kind || word.end != expected.end)
      return fmt::format("at {}: kind {} up to {}, ANTLR: kind {} up to {}", at, word.kind, word.end,
                         expected.kind, expected.end);
    at = word.end;
  }
  return at == text.size() ? "" : "text is left after the last word";
}

// Returns the first difference between the results of both parsers, or an empty text.
std::string trees_differ(std::string_view text) {
  Reporter reporter;
  Session session{{}, text, reporter};
  const Lexemes words = test::words_for_parsers(session);
  std::vector<Cst> trees;
  std::optional<std::uint32_t> mistake;
  for (std::uint32_t at = 0; words[at].kind != Kind::END && !mistake;) {
    const Walked walked = walk(words, at, Rule::declaration, trees.emplace_back());
    if (!walked.whole) mistake = walked.end;
    at = walked.end;
  }
  const auto expected = test::antlr_mistake(words);
  if (mistake != expected)
    return fmt::format("mistake at word {}, ANTLR: at {}", mistake ? *mistake : 0, expected ? *expected : 0);
  return mistake || trees == test::antlr_trees(words) ? "" : "the trees differ";
}

// Beginnings of words of all kinds, and characters that may turn them into another kind.
const std::vector<std::string> scraps = {"host",
                                         "hosts",
                                         "hos",
                                         "on",
                                         "off",
                                         "true",
                                         "in",
                                         "_a-b",
                                         "a-",
                                         "-",
                                         "0",
                                         "1",
                                         "12",
                                         "0x",
                                         "1F",
                                         "1.5",
                                         "1.",
                                         ".",
                                         "..",
                                         "6.1.0",
                                         "10.8.0.1",
                                         "/24",
                                         "16MiB",
                                         "25%",
                                         "2027-03-31",
                                         "2027-03-3",
                                         "::",
                                         ":",
                                         "fd00",
                                         "fd00::1",
                                         "a:b",
                                         "1:2:3:4:5:6:7:8",
                                         "52:54:00:12:34:56",
                                         "10de:2206",
                                         "0000:65:00.0",
                                         "\"",
                                         "\\",
                                         "\\\"",
                                         "{",
                                         "}",
                                         "\"a {x} b\"",
                                         "{\"s\"}",
                                         "#",
                                         "\n",
                                         "\r",
                                         "\t",
                                         "\f",
                                         " ",
                                         "=",
                                         "==",
                                         "!",
                                         "!=",
                                         "<",
                                         "<=",
                                         ">",
                                         ">=",
                                         ",",
                                         "+",
                                         "*",
                                         "/",
                                         "&",
                                         "(",
                                         ")",
                                         "[",
                                         "]",
                                         "é",
                                         "\x7f",
                                         std::string(1, '\0'),
                                         ";",
                                         "'",
                                         "“",
                                         "\xff"};

std::string any_scraps() {
  std::string text;
  for (const std::string& scrap : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(scraps)))
    text += scrap;
  return text;
}

const std::vector<std::pair<std::string, std::string>>& project_texts() {
  static const auto texts = test::project_texts();
  return texts;
}

// A few lines of some file of the project, damaged.
std::string wounded_lines() {
  const std::string whole = (*rc::gen::elementOf(project_texts())).second;
  const std::size_t from = std::min(whole.find('\n', *rc::gen::inRange<std::size_t>(0, whole.size() + 1)),
                                    whole.size());
  std::string text = whole.substr(from, *rc::gen::inRange<std::size_t>(0, 3000));
  for (int wounds = *rc::gen::inRange(0, 4); wounds > 0; --wounds) {
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
    text.replace(at, *rc::gen::inRange<std::size_t>(0, 6), *rc::gen::elementOf(scraps));
  }
  return text;
}

TEST(GrammarLaws, TheLexersAgreeOnEveryFileOfTheProject) {
  ASSERT_GT(project_texts().size(), 100U);
  for (const auto& [path, text] : project_texts()) EXPECT_EQ(words_differ(text), "") << path;
}

TEST(GrammarLaws, TheParsersAgreeOnEveryFileOfTheProject) {
  for (const auto& [path, text] : project_texts()) EXPECT_EQ(trees_differ(text), "") << path;
}

RC_GTEST_PROP(GrammarLaws, the_lexers_agree_on_any_bytes, ()) {
  const std::string text = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
  RC_ASSERT(words_differ(text) == "");
}

RC_GTEST_PROP(GrammarLaws, the_lexers_agree_on_any_scraps, ()) {
  const std::string text = any_scraps();
  RC_LOG() << text;
  RC_ASSERT(words_differ(text) == "");
}

RC_GTEST_PROP(GrammarLaws, both_agree_on_wounded_files, ()) {
  const std::string text = wounded_lines();
  RC_LOG() << text;
  RC_ASSERT(words_differ(text) == "");
  RC_ASSERT(trees_differ(text) == "");
}

RC_GTEST_PROP(GrammarLaws, the_parsers_agree_on_any_good_text, ()) {
  const std::string text = print(testing::AstMaker::file());
  RC_LOG() << text;
  RC_ASSERT(trees_differ(text) == "");
}

RC_GTEST_PROP(GrammarLaws, the_parsers_agree_on_any_damaged_text, ()) {
  std::string text = print(testing::AstMaker::file());
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size() + 1);
  text.replace(at, *rc::gen::inRange<std::size_t>(0, 8), *rc::gen::elementOf(scraps));
  RC_LOG() << text;
  RC_ASSERT(trees_differ(text) == "");
}

// Words of the grammar in any order; beginnings of declarations are more frequent.
RC_GTEST_PROP(GrammarLaws, the_parsers_agree_on_any_words, ()) {
  static const std::vector<std::string> words = {"site s\n",
                                                 "let x =",
                                                 "profile p",
                                                 "host a {",
                                                 "hosts b-[1..2] {",
                                                 "policy p {",
                                                 "budget b {",
                                                 "waive w on host h",
                                                 "test \"t\" {",
                                                 "}",
                                                 "}\n",
                                                 "(",
                                                 ")",
                                                 "[",
                                                 "]",
                                                 ",",
                                                 ":",
                                                 ".",
                                                 "=",
                                                 "x =",
                                                 "x",
                                                 "on",
                                                 "when",
                                                 "else",
                                                 "include y",
                                                 "doc \"d\"",
                                                 "override",
                                                 "unchecked",
                                                 "because \"b\"",
                                                 "where",
                                                 "available",
                                                 "default",
                                                 "for",
                                                 "per",
                                                 "require",
                                                 "unique",
                                                 "expect",
                                                 "owner \"o\"",
                                                 "until 2027-03-31",
                                                 "part",
                                                 "total",
                                                 "\"s\"",
                                                 "1",
                                                 "16MiB",
                                                 "..",
                                                 "-",
                                                 "*",
                                                 "not",
                                                 "and",
                                                 "of",
                                                 "type",
                                                 "hosts",
                                                 "instance",
                                                 "\n",
                                                 "name: 1",
                                                 "f(a: 1, b)"};
  std::string text;
  for (const std::string& word : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(words)))
    text += word + " ";
  RC_LOG() << text;
  RC_ASSERT(trees_differ(text) == "");
}

// All other rules decide by one word. A rule that appears here costs speed and exact messages. A decision
// that needs more than two words stops the build (grammar/parser_table.cpp).
TEST(GrammarLaws, OnlyArgumentsAndListsNeedASecondWord) {
  const std::set<int> allowed{Rule::argument, Rule::list};
  std::vector<std::string> others;
  for (const grammar::TwoWords& decision : grammar::two_words) {
    if (!allowed.contains(decision.rule))
      others.push_back(fmt::format("rule {} after word {}", grammar::rule_names[decision.rule],
                                   grammar::kind_names[decision.first]));
  }
  EXPECT_TRUE(others.empty()) << fmt::format("{}", fmt::join(others, "; "));
}

}  // namespace
}  // namespace tunec
