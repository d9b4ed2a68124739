// A big file is parsed in pieces on all processors. The law: the result is the same as parsing its
// declarations one by one.
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

constexpr std::size_t big = 300'000;  // bytes, enough for several pieces

struct Parsed {
  ast::File file;
  std::vector<std::string> diagnostics;  // code, place and message of each diagnostic
};

Parsed parsed(const std::string& text, std::size_t places_from = 0) {
  Sources sources;
  Reporter reporter;
  Parsed out{parse(sources.add("t.tune", text), sources, reporter).root, {}};
  for (const Diagnostic& diagnostic : reporter.sorted())
    out.diagnostics.push_back(fmt::format("{} {}-{} {}", diagnostic.info->code,
                                          diagnostic.where.begin + places_from,
                                          diagnostic.where.end + places_from, diagnostic.message));
  return out;
}

// Compares the texts, repeated until the file is big.
void check_pieces(const std::vector<std::string>& texts) {
  std::vector<Parsed> small;
  for (const std::string& text : texts) small.push_back(parsed(text));
  std::string whole;
  Parsed expected;
  for (std::size_t i = 0; whole.size() < big; i = (i + 1) % texts.size()) {
    const auto& declarations = small[i].file.declarations;
    expected.file.declarations.insert(expected.file.declarations.end(), declarations.begin(),
                                      declarations.end());
    if (!small[i].diagnostics.empty())
      std::ranges::move(parsed(texts[i], whole.size()).diagnostics, std::back_inserter(expected.diagnostics));
    whole += texts[i];
  }
  const Parsed found = parsed(whole);
  RC_ASSERT(found.diagnostics == expected.diagnostics);
  RC_ASSERT(found.file == expected.file);
}

RC_GTEST_PROP(PiecesLaw, any_declarations, ()) {
  std::vector<std::string> texts{"let last = 1\n"};
  for (int i = *rc::gen::inRange(1, 5); i > 0; --i) texts.push_back(print(testing::AstMaker::file()) + "\n");
  check_pieces(texts);
}

// Lowering's diagnostics come from the pieces, in order.
// Fewer than the number of errors after which no more are kept.
TEST(PiecesLaw, MistakesThatAreNotOfSyntax) {
  std::string filler;
  while (filler.size() < big / 100) filler += "host ok { x = 1 }\n";
  check_pieces({"let a = 16MxB\n", "host b { x = 10.8.0.400 }\n", "let c = \"{1 +}\"\n",
                "policy p { doc \"a\" doc \"b\" }\n", filler});
}

// Every guess where to split is wrong here.
TEST(PiecesLaw, BodiesThatAreNotIndented) {
  check_pieces({"profile p {\npool = 1\nhost = 2\n" + std::string(500, '\n') + "test = 3\n}\n"});
}

TEST(PiecesLaw, AMistakeOfSyntaxFarBehind) {
  std::string text;
  while (text.size() < big) text += "host a { x = 1 }\n";
  const std::size_t at = text.size();
  text += "host b { x = }\nhost c {\n";
  EXPECT_EQ(parsed(text).diagnostics, parsed("host b { x = }\nhost c {\n", at).diagnostics);
}

}  // namespace
}  // namespace tunec
