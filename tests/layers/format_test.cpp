// All that ships in the tune language is formatted by `tunec fmt`: profiles, policies, intents, tests and
// examples, and the examples in the READMEs and on the pages of `tunec explain`.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "base/text_diff.h"
#include "format/format.h"

namespace tunec::test {
namespace {

namespace fs = std::filesystem;

const fs::path root = TUNEC_ROOT;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> files_with(const char* extension, std::initializer_list<const char*> folders) {
  std::vector<fs::path> found;
  for (const char* folder : folders) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder))
      if (entry.path().extension() == extension) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

void expect_formatted(const std::string& name, const std::string& text) {
  EXPECT_EQ(unified_diff(name, text, name + " (formatted)", format_source(text).text), "");
}

TEST(Format, AllShippedFilesAreFormatted) {
  const std::vector<fs::path> files = files_with(".tune", {"profiles", "stdlib"});
  EXPECT_GT(files.size(), 40U);
  for (const fs::path& path : files) expect_formatted(path.string(), read(path));
}

// The text of each block that begins with ```tune, wherever it may stand.
std::vector<std::string> examples_of(const std::string& markdown) {
  constexpr std::string_view fence = "```tune";
  std::vector<std::string> examples;
  for (std::size_t at = markdown.find(fence); at != std::string::npos; at = markdown.find(fence, at)) {
    const std::size_t begin = markdown.find('\n', at) + 1;
    const std::size_t end = std::min(markdown.find("\n```", begin - 1), markdown.size() - 1) + 1;
    const std::string_view section = std::string_view(markdown).substr(end, markdown.find("\n#", end) - end);
    const bool is_formatted_there = section.find("\nfmt ") != std::string_view::npos;
    if (!is_formatted_there) examples.push_back(markdown.substr(begin, end - begin));
    at = end;
  }
  return examples;
}

TEST(Format, AllExamplesForReadersAreFormatted) {
  std::vector<fs::path> pages = files_with(
      ".md", {"backends", "compiler", "grammar", "profiles", "stdlib", "tests/cases/topics"});
  pages.push_back(root / "README.md");
  pages.push_back(root / "tests/README.md");
  std::size_t count = 0;
  for (const fs::path& page : pages) {
    for (const std::string& example : examples_of(read(page))) {
      expect_formatted(page.string(), example);
      ++count;
    }
  }
  EXPECT_GT(count, 10U);
}

}  // namespace
}  // namespace tunec::test
