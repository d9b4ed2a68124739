// Tests in the language can fail. Every shipped expectation fails when it is negated. If a test causes an
// error and no expectation covers it, the test fails once.
#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "driver/tests.h"
#include "support/over_memory.h"
#include "syntax/print.h"

namespace tunec::test {
namespace {

// Each file of stdlib/tests as a tree; tests run in tests/.
std::vector<SyntaxTree> shipped_tests() {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator("../stdlib/tests"))
    paths.push_back(entry.path());
  std::ranges::sort(paths);
  static std::deque<Sources> sources_of_trees;  // the trees are views of their texts
  std::vector<SyntaxTree> trees;
  for (const auto& path : paths) {
    if (path.extension() != ".tune") continue;
    std::ifstream file(path, std::ios::binary);
    Sources& sources = sources_of_trees.emplace_back();
    Reporter reporter;
    trees.push_back(
        parse(sources.add(path.string(), {std::istreambuf_iterator<char>(file), {}}), sources, reporter));
    EXPECT_FALSE(reporter.has_errors()) << path;
  }
  return trees;
}

struct Ran {
  std::unique_ptr<Compilation> compilation;
  std::vector<TestResult> results;
};

Ran run(const ast::File& tree) {
  MemoryFileSystem files;
  files.files["main.tune"] = print(tree);
  Ran ran{compile_site({"main.tune", "", Date{2026, 11, 30}}, files, StopAfter::resolve), {}};
  EXPECT_FALSE(ran.compilation->reporter.has_errors()) << files.files["main.tune"];
  const Compilation& c = *ran.compilation;
  ran.results = run_tests({c.fleet, c.catalogue, c.sources, c.boot_order, c.today});
  return ran;
}

template <class Change>
ast::File changed(ast::File tree, const Change& change) {
  for (ast::Declaration& declaration : tree.declarations) {
    if (auto* test = std::get_if<ast::Test>(&declaration.node)) change(*test);
  }
  return tree;
}

TEST(TestLaws, TheShippedOnesHold) {
  std::size_t tests = 0;
  for (const SyntaxTree& tree : shipped_tests()) {
    for (const TestResult& result : run(tree.root).results) {
      EXPECT_TRUE(result.passed()) << result.test->syntax->name.text;
      ++tests;
    }
  }
  EXPECT_GT(tests, 0U);
}

TEST(TestLaws, ANegatedExpectationFails) {
  for (const SyntaxTree& tree : shipped_tests()) {
    const ast::File negated = changed(tree.root, [](ast::Test& test) {
      for (ast::Expr& expectation : test.expectations)
        expectation = {ast::Unary{ast::UnaryOp::not_, expectation}, expectation.span};
    });
    for (const TestResult& result : run(negated).results) {
      EXPECT_EQ(result.failures.errors(), result.test->syntax->expectations.size())
          << result.test->syntax->name.text;
    }
  }
}

TEST(TestLaws, AnErrorThatNobodyExpectsFails) {
  std::size_t unexpected = 0;
  for (const SyntaxTree& tree : shipped_tests()) {
    for (const TestResult& result :
         run(changed(tree.root, [](ast::Test& test) { test.expectations.clear(); })).results) {
      unexpected += result.unexpected.size();
      EXPECT_EQ(result.failures.errors(), 0U);
    }
  }
  EXPECT_GT(unexpected, 0U);
}

}  // namespace
}  // namespace tunec::test
