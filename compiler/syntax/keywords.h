// The keywords of the language in the order of the grammar's kinds, and what each can begin. Recovery, its
// suggestions and the printer read this table, so a new keyword is one line here and one in TuneLexer.g4.
// tests/unit/syntax_parse_test.cpp compares the words with the lexer.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "syntax/lexer.h"

namespace tunec::syntax {

struct Keyword {
  enum Begins : std::uint8_t {
    nothing = 0,
    declaration = 1,
    clause = 2,     // of a policy or budget
    test_item = 4,  // of a test
    statement = 8,  // of a body
    reserved = 16,  // cannot name a block, since it has a meaning where a block could begin
  };
  std::string_view word;
  int kind;
  std::uint8_t begins;
};

inline constexpr std::array keywords{
    Keyword{"site", Kind::SITE, Keyword::declaration},
    Keyword{"import", Kind::IMPORT, Keyword::declaration},
    Keyword{"let", Kind::LET,
            Keyword::declaration | Keyword::clause | Keyword::statement | Keyword::reserved},
    Keyword{"profile", Kind::PROFILE, Keyword::declaration},
    Keyword{"host", Kind::HOST, Keyword::declaration | Keyword::test_item},
    Keyword{"hosts", Kind::HOSTS, Keyword::declaration | Keyword::test_item},
    Keyword{"pool", Kind::POOL, Keyword::declaration},
    Keyword{"instance", Kind::INSTANCE, Keyword::declaration},
    Keyword{"type", Kind::TYPE, Keyword::nothing},
    Keyword{"policy", Kind::POLICY, Keyword::declaration},
    Keyword{"budget", Kind::BUDGET, Keyword::declaration},
    Keyword{"waive", Kind::WAIVE, Keyword::declaration},
    Keyword{"test", Kind::TEST, Keyword::declaration},
    Keyword{"doc", Kind::DOC, Keyword::clause | Keyword::statement | Keyword::reserved},
    Keyword{"include", Kind::INCLUDE, Keyword::statement | Keyword::reserved},
    Keyword{"when", Kind::WHEN, Keyword::clause | Keyword::statement | Keyword::reserved},
    Keyword{"else", Kind::ELSE, Keyword::clause | Keyword::reserved},
    Keyword{"override", Kind::OVERRIDE, Keyword::statement | Keyword::reserved},
    Keyword{"unchecked", Kind::UNCHECKED, Keyword::statement | Keyword::reserved},
    Keyword{"where", Kind::WHERE, Keyword::reserved},
    Keyword{"available", Kind::AVAILABLE, Keyword::nothing},
    Keyword{"default", Kind::DEFAULT, Keyword::reserved},
    Keyword{"because", Kind::BECAUSE, Keyword::reserved},
    Keyword{"owner", Kind::OWNER, Keyword::reserved},
    Keyword{"until", Kind::UNTIL, Keyword::reserved},
    Keyword{"for", Kind::FOR, Keyword::clause | Keyword::reserved},
    Keyword{"require", Kind::REQUIRE, Keyword::clause | Keyword::reserved},
    Keyword{"forbid", Kind::FORBID, Keyword::clause | Keyword::reserved},
    Keyword{"help", Kind::HELP, Keyword::clause},
    Keyword{"expect", Kind::EXPECT, Keyword::test_item | Keyword::reserved},
    Keyword{"unique", Kind::UNIQUE, Keyword::clause},
    Keyword{"disjoint", Kind::DISJOINT, Keyword::clause},
    Keyword{"per", Kind::PER, Keyword::nothing},
    Keyword{"total", Kind::TOTAL, Keyword::clause},
    Keyword{"part", Kind::PART, Keyword::clause},
    Keyword{"or", Kind::OR, Keyword::reserved},
    Keyword{"and", Kind::AND, Keyword::reserved},
    Keyword{"not", Kind::NOT, Keyword::reserved},
    Keyword{"in", Kind::WITHIN, Keyword::reserved},
    Keyword{"of", Kind::OF, Keyword::reserved},
    Keyword{"on", Kind::ON, Keyword::reserved},
    Keyword{"off", Kind::BOOL, Keyword::reserved},
    Keyword{"true", Kind::BOOL, Keyword::reserved},
    Keyword{"false", Kind::BOOL, Keyword::reserved},
};

constexpr bool keyword_begins(int kind, Keyword::Begins item) {
  for (const Keyword& keyword : keywords)
    if (keyword.kind == kind) return (keyword.begins & item) != 0;
  return false;
}

inline std::vector<std::string_view> keywords_that_begin(Keyword::Begins item) {
  std::vector<std::string_view> words;
  for (const Keyword& keyword : keywords)
    if ((keyword.begins & item) != 0) words.push_back(keyword.word);
  return words;
}

}  // namespace tunec::syntax
