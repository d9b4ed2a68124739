#include "support/case_reader.h"

#include <gtest/gtest.h>

#include "support/cpp_text.h"
#include "support/diff.h"

namespace tunec::test {
namespace {

TEST(CaseReader, AHeadingIsATestAndItsBlocksAreWhatGoesInAndComesOut) {
  const auto cases = read_cases(
      "# One thing\n\nProse.\n\n```tune main.tune\nsite "
      "s\n```\n```sh\nls\n```\n```diagnostics\nerror[T0101]: no\n```\n\n# Another\n```tune b.tune\nsite "
      "t\n```\n");
  ASSERT_EQ(cases.size(), 2U);
  EXPECT_EQ(cases[0].name, "One thing");
  EXPECT_EQ(cases[0].inputs.at("main.tune"), "site s\n");
  EXPECT_EQ(cases[0].commands, std::vector<std::string>{"check main.tune"});
  EXPECT_EQ(expected_of(cases[0]).exit, 1);
  EXPECT_EQ(cases[1].line, 14U);
  EXPECT_EQ(cases[1].commands, std::vector<std::string>{"check b.tune"});
  EXPECT_EQ(expected_of(cases[1]).exit, 0);
}

TEST(CaseReader, SubsectionsSeeTheFilesOfTheirSection) {
  const auto cases = read_cases(
      "# Top\n```yaml hosts.yaml\nx\n```\n## A\n```tune main.tune\na\n```\n## B\n```tune "
      "main.tune\nb\n```\n```yaml hosts.yaml\ny\n```\n# New\n## C\n"
      "```tune main.tune\nc\n```\n");
  ASSERT_EQ(cases.size(), 3U);
  EXPECT_EQ(cases[0].name, "Top / A");
  EXPECT_EQ(cases[0].inputs.at("hosts.yaml"), "x\n");
  EXPECT_EQ(cases[1].inputs.at("hosts.yaml"), "y\n");
  EXPECT_EQ(cases[2].inputs.size(), 1U);
}

TEST(CaseReader, FilesAreAskedForByHostAndCompiled) {
  const auto cases = read_cases(
      "# T\n```tune main.tune\n```\n```file a:/etc/x exhaustive\n1\n```\n```file site:/y\n2\n```\n");
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_TRUE(cases[0].exhaustive);
  EXPECT_EQ(cases[0].commands, std::vector<std::string>{"compile main.tune -o out"});
  EXPECT_EQ(expected_of(cases[0]).files,
            (std::map<std::string, std::string>{{"a:/etc/x", "1\n"}, {"site:/y", "2\n"}}));
}

TEST(CaseReader, ATreeIsCompiledAndCompared) {
  const auto cases = read_cases("# T\n```tune main.tune\n```\n```tree\nout/a/x\n```\n");
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].commands, std::vector<std::string>{"compile main.tune -o out"});
  EXPECT_EQ(expected_of(cases[0]).tree, "out/a/x\n");
}

TEST(CaseReader, EscapedInputHoldsAnyByte) {
  const auto cases = read_cases("# T\n```tune main.tune escaped\na\\xff\\x00\\n\\\\\\\nb\n```\n");
  ASSERT_EQ(cases.size(), 1U);
  EXPECT_EQ(cases[0].inputs.at("main.tune"), std::string("a\xff\0\n\\b\n", 7));
}

TEST(CaseReader, FaultsOfACaseAreToldAndNotRun) {
  EXPECT_NE(read_cases("# T\n```tune ../x.tune\n```\n").at(0).fault, "");
  EXPECT_NE(read_cases("# T\n```yaml x.yaml\n```\n").at(0).fault, "");
  EXPECT_NE(read_cases("# T\n```tune main.tune\n```\n```file etc/x\n```\n").at(0).fault, "");
  EXPECT_TRUE(read_cases("# T\n```\nplain\n```\nno blocks\n").empty());
}

TEST(CaseReader, AcceptingRewritesAddsAndTakesAway) {
  const std::string before =
      "# T\n```tune main.tune\nx\n```\n```diagnostics\nold\n```\n```exit\n2\n```\nProse.\n# U\n```tune "
      "main.tune\ny\n```\n";
  const Case test = read_cases(before).at(0);
  const Outcome outcome{"error[T1]: new\n", "out\n", 1, {}, ""};
  const std::string after = accept(before, test, outcome);
  EXPECT_EQ(after,
            "# T\n```tune main.tune\nx\n```\n```diagnostics\nerror[T1]: "
            "new\n```\n\n```stdout\nout\n```\nProse.\n# U\n```tune main.tune\ny\n```\n");
  EXPECT_EQ(accept(after, read_cases(after).at(0), outcome), after);
}

TEST(CaseReader, AcceptingKeepsABlockWhoseFilesWereNotMade) {
  const std::string before =
      "# T\n```tune main.tune\n```\n```args\ncheck main.tune\n```\n```file a:/x\n```\n```tree\n```\n";
  const Case test = read_cases(before).at(0);
  EXPECT_EQ(accept(before, test, {}), before);
  EXPECT_EQ(not_made(test, {}), "file a:/x was not made\nno file below out/ was made\n");
  const Outcome outcome{"", "", 0, {{"a:/x", "1\n"}}, "out/a/x\n"};
  EXPECT_EQ(not_made(test, outcome), "");
  EXPECT_EQ(accept(before, test, outcome),
            "# T\n```tune main.tune\n```\n```args\ncheck main.tune\n```\n```file "
            "a:/x\n1\n```\n```tree\nout/a/x\n```\n");
}

TEST(CaseReader, AcceptingFencesWhatHoldsFences) {
  const std::string before = "# T\n```tune main.tune\nx\n```\n";
  const std::string after = accept(before, read_cases(before).at(0), {"", "```\n", 0, {}, ""});
  EXPECT_EQ(after, before + "\n````stdout\n```\n````\n");
  EXPECT_EQ(read_cases(after).at(0).output->text, "```\n");
}

TEST(Diff, ShowsChangesWithWhatStandsAround) {
  EXPECT_EQ(unified_diff("a\n", "a\n"), "");
  EXPECT_EQ(unified_diff("1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4\nx\n6\n"),
            "--- expected\n+++ actual\n@@ from line 2 @@\n 2\n 3\n 4\n-5\n+x\n 6\n");
  EXPECT_EQ(unified_diff("", "a\n"), "--- expected\n+++ actual\n@@ from line 1 @@\n+a\n");
}

TEST(CppText, FindsStringsAndNothingElse) {
  const auto literals = literals_of(
      "#include \"a.h\"\n// \"no\"\n/* \"no\" */ f(\"yes\", '\"', R\"x(raw \" )x\", 1'000, \"a\\\"b\");\n");
  ASSERT_EQ(literals.size(), 3U);
  EXPECT_EQ(literals[0].text, "yes");
  EXPECT_EQ(literals[0].line, 3U);
  EXPECT_EQ(literals[1].text, "raw \" ");
  EXPECT_EQ(literals[2].text, "a\\\"b");
}

TEST(CppText, FindsIncludes) {
  const auto includes = includes_of("#include <map>\n  # include \"a/b.h\"  // why\n// #include \"no.h\"\n");
  ASSERT_EQ(includes.size(), 2U);
  EXPECT_EQ(includes[0].name, "map");
  EXPECT_FALSE(includes[0].quoted);
  EXPECT_EQ(includes[1].name, "a/b.h");
  EXPECT_EQ(includes[1].line, 2U);
}

}  // namespace
}  // namespace tunec::test
