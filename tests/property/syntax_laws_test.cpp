// Laws of the syntax. Printing and parsing undo each other. For any bytes, parsing ends with places inside
// the file and tokens that join to the source. One mistake in a good file causes only a few messages.
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "source/sources.h"
#include "support/ast_generators.h"
#include "syntax/parse.h"
#include "syntax/print.h"

namespace tunec {
namespace {

void check_places_and_tokens(const std::string& text) {
  Sources sources;
  Reporter reporter;
  const FileId file = sources.add("t.tune", text);
  const SyntaxTree tree = parse(file, sources, reporter, KeepTokens::yes);
  std::string joined;
  for (const Token& token : tree.tokens) joined += sources.text(token.span);
  RC_ASSERT(joined == sources.text(file));
  for (const ast::Declaration& declaration : tree.root.declarations)
    RC_ASSERT(declaration.span.end <= text.size());
  for (const Diagnostic& diagnostic : reporter.sorted()) {
    RC_ASSERT(diagnostic.where.begin <= diagnostic.where.end);
    RC_ASSERT(diagnostic.where.end <= text.size());
  }
}

RC_GTEST_PROP(SyntaxLaws, parse_undoes_print, ()) {
  const ast::File file = testing::AstMaker::file();
  const std::string text = print(file);
  RC_LOG() << text;
  Sources sources;
  Reporter reporter;
  const SyntaxTree tree = parse(sources.add("t.tune", text), sources, reporter);
  for (const Diagnostic& diagnostic : reporter.sorted())
    RC_LOG() << diagnostic.where.begin << ": " << diagnostic.message << "\n";
  RC_ASSERT(!reporter.has_errors());
  RC_LOG() << "-----\n" << print(tree.root);
  RC_ASSERT(tree.root == file);
}

RC_GTEST_PROP(SyntaxLaws, any_bytes, ()) {
  check_places_and_tokens(*rc::gen::container<std::string>(rc::gen::arbitrary<char>()));
}

RC_GTEST_PROP(SyntaxLaws, any_words, ()) {
  const auto words = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "host", "x", "{", "}", "(", ")", "[", "]", "=", ".", ",", "\n", "\n", "when", "else", "include",
      "policy", "test \"t\"", "\"a {b} {\"", "\"", "1", "16MiB", "..", "-", "not", "for", "doc", "@",
      "override", "because", "profile p", "waive", "on", "é", "#", ":", "default", "where", "hosts *-"));
  std::string text;
  for (const std::string& word : words) text += word + " ";
  check_places_and_tokens(text);
}

RC_GTEST_PROP(SyntaxLaws, damaged_files, ()) {
  std::string text = print(testing::AstMaker::file());
  if (text.empty()) return;
  const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
  text.erase(at, *rc::gen::inRange<std::size_t>(1, 5));
  check_places_and_tokens(text);
}

}  // namespace
}  // namespace tunec
