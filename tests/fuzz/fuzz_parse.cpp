// Parses any bytes. Checks that nothing crashes, that the tokens join to the source, and that the printed
// tree parses to the same tree. Formats them too: the formatter itself refuses to change more than blanks.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "format/format.h"
#include "support/over_memory.h"
#include "syntax/parse.h"
#include "syntax/print.h"

namespace {

void check(bool holds, const char* law, const std::string& detail = "") {
  if (holds) return;
  std::fprintf(stderr, "law broken: %s %s\n", law, detail.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tunec;
  std::string text(reinterpret_cast<const char*>(data), size);
  if (first_bad_utf8(text)) return 0;  // the compiler rejects it before the parser
  Sources sources;
  Reporter reporter;
  const FileId file = sources.add("fuzz.tune", std::move(text));
  const SyntaxTree tree = parse(file, sources, reporter, KeepTokens::yes);
  const std::string fault = test::ill_manners(reporter, sources);
  check(fault.empty(), "diagnostics have manners:", fault);
  std::string joined;
  for (const Token& token : tree.tokens) joined += sources.text(token.span);
  check(joined == sources.text(file), "tokens joined are the source");
  const std::string once = format_source(sources.text(file)).text;
  check(format_source(once).text == once, "formatting twice is formatting once");
  if (reporter.has_errors()) return 0;
  Reporter again;
  const SyntaxTree tidy = parse(sources.add("formatted.tune", once), sources, again);
  check(!again.has_errors() && tidy.root == tree.root, "parse(format(text)) is the tree");
  const SyntaxTree reparsed = parse(sources.add("printed.tune", print(tree.root)), sources, again);
  check(!again.has_errors() && reparsed.root == tree.root, "parse(print(tree)) is the tree");
  return 0;
}
