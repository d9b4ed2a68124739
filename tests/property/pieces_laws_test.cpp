// A big file is parsed in pieces, on all processors; what comes out is what parsing its declarations one by
// one gives.
#include <algorithm>
#include <iterator>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <fmt/format.h>

#include "source/sources.h"
#include "support/ast_generators.h"
#include "syntax/parse.h"
#include "syntax/print.h"

namespace tunec {
namespace {

constexpr std::size_t big = 300'000;  // some pieces

struct Parsed {
  ast::File file;
  std::vector<std::string> said;  // code, place and message of each diagnostic
};

Parsed parsed(const std::string& text, std::size_t places_from = 0) {
  Sources sources;
  Reporter reporter;
  Parsed out{parse(sources.add("t.tune", text), sources, reporter).root, {}};
  for (const Diagnostic& one : reporter.sorted())
    out.said.push_back(fmt::format("{} {}-{} {}", one.info->code, one.where.begin + places_from,
                                   one.where.end + places_from, one.message));
  return out;
}

// The texts, again and again.
void check_pieces(const std::vector<std::string>& texts) {
  std::vector<Parsed> small;
  for (const std::string& text : texts) small.push_back(parsed(text));
  std::string whole;
  Parsed expected;
  for (std::size_t i = 0; whole.size() < big; i = (i + 1) % texts.size()) {
    const auto& declarations = small[i].file.declarations;
    expected.file.declarations.insert(expected.file.declarations.end(), declarations.begin(),
                                      declarations.end());
    if (!small[i].said.empty())
      std::ranges::move(parsed(texts[i], whole.size()).said, std::back_inserter(expected.said));
    whole += texts[i];
  }
  const Parsed found = parsed(whole);
  RC_ASSERT(found.said == expected.said);
  RC_ASSERT(found.file == expected.file);
}

RC_GTEST_PROP(PiecesLaw, any_declarations, ()) {
  std::vector<std::string> texts{"let last = 1\n"};
  for (int i = *rc::gen::inRange(1, 5); i > 0; --i) texts.push_back(print(testing::AstMaker::file()) + "\n");
  check_pieces(texts);
}

// What lowering reports comes from the pieces, in order.
TEST(PiecesLaw, MistakesThatAreNotOfSyntax) {
  check_pieces({"let a = 16MxB\n", "host b { x = 10.8.0.400 }\n", "let c = \"{1 +}\"\n",
                "policy p { doc \"a\" doc \"b\" }\n"});
}

// The guess where to cut is wrong every time.
TEST(PiecesLaw, BodiesThatAreNotIndented) {
  check_pieces({"profile p {\npool = 1\nhost = 2\n" + std::string(500, '\n') + "test = 3\n}\n"});
}

TEST(PiecesLaw, AMistakeOfSyntaxFarBehind) {
  std::string text;
  while (text.size() < big) text += "host a { x = 1 }\n";
  const std::size_t at = text.size();
  text += "host b { x = }\nhost c {\n";
  EXPECT_EQ(parsed(text).said, parsed("host b { x = }\nhost c {\n", at).said);
}

}  // namespace
}  // namespace tunec
