// A law about the READMEs and the case pages: if a line ends with a colon, the announced text must follow.
//
// The READMEs are tests themselves, but a test cannot notice that its own example was removed. So if a line
// ends in ":" before a blank line, a block, a list or a table must follow, and the block must not be empty.
#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "support/case_reader.h"

namespace tunec::test {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view blanks = " \t\r";
constexpr std::string_view fence = "```";

bool is_blank(std::string_view line) { return line.find_first_not_of(blanks) == std::string_view::npos; }

bool ends_in_colon(std::string_view line) {
  const std::size_t last = line.find_last_not_of(" \t\r*_");  // emphasis may close after the colon
  return last != std::string_view::npos && line[last] == ':';
}

bool is_numbered(std::string_view line) {
  const std::size_t digits = line.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string_view::npos && line.substr(digits).starts_with(". ");
}

bool is_fence(std::string_view line) { return line.starts_with(fence); }

// An indented block, a list, a table, or a fenced block with a line in it.
bool is_announced(const std::vector<std::string>& lines, std::size_t at) {
  if (at == lines.size()) return false;
  const std::string_view line = lines[at];
  if (is_fence(line)) return at + 1 < lines.size() && !is_fence(lines[at + 1]);
  return line.starts_with("    ") || line.starts_with("- ") || line.starts_with("* ") ||
         line.starts_with("|") || is_numbered(line);
}

// The numbers, from 1, of the lines that announce missing text.
std::vector<std::size_t> unfulfilled(std::string_view markdown) {
  const std::vector<std::string> lines = lines_of(markdown);
  std::vector<std::size_t> found;
  std::size_t ticks = 0;  // length of the open fence
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t run = std::min(lines[i].find_first_not_of('`'), lines[i].size());
    if (ticks == 0 && run >= fence.size()) ticks = run;
    else if (ticks != 0 && run >= ticks && is_blank(lines[i].substr(run))) ticks = 0;
    if (ticks != 0 || !ends_in_colon(lines[i])) continue;
    std::size_t next = i + 1;
    while (next < lines.size() && is_blank(lines[next])) ++next;
    const bool before_blank = next > i + 1 || next == lines.size();
    if (before_blank && !is_announced(lines, next)) found.push_back(i + 1);
  }
  return found;
}

std::vector<fs::path> pages() {
  const fs::path root = TUNEC_ROOT;
  std::vector<fs::path> found{root / "README.md"};
  for (const char* folder : {"backends", "compiler", "grammar", "profiles", "stdlib", "tests"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() == ".md") found.push_back(entry.path());
    }
  }
  std::ranges::sort(found);
  return found;
}

using Numbers = std::vector<std::size_t>;

TEST(Prose, TheLawFindsAnAnnouncementWithoutItsBlock) {
  EXPECT_EQ(unfulfilled("One tree per host:\n\n\nand more.\n"), Numbers{1});
  EXPECT_EQ(unfulfilled("Text.\n**The tree:**\n\n```tree\n```\n"), Numbers{2});
  EXPECT_EQ(unfulfilled("The end:\n"), Numbers{1});
  EXPECT_EQ(
      unfulfilled(
          "The tree:\n\n```tree\nout/a\n```\nA list:\n\n- one\n\nSteps:\n\n1. one\n\nA table:\n\n| a |\n"),
      Numbers{});
  EXPECT_EQ(unfulfilled("```yaml\nhosts:\n\nx\n```\nA shell line:\n\n    ls\n\nGoes on:\nhere.\n"),
            Numbers{});
}

TEST(Prose, ALineThatEndsInAColonIsFollowedByItsBlock) {
  for (const fs::path& page : pages()) {
    std::ifstream file(page, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (const std::size_t line : unfulfilled(text)) {
      ADD_FAILURE_AT(page.c_str(), static_cast<int>(line))
          << "this line ends in a colon, but no block, list or table follows";
    }
  }
}

}  // namespace
}  // namespace tunec::test
