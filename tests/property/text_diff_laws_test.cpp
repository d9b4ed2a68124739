// Laws of the unified diff: applied to the old text it gives the new one, and it shows no more than is
// needed.
#include <charconv>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "base/text_diff.h"

namespace tunec {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

struct Applied {
  std::string text;
  std::size_t changes = 0;
  std::string fault;
};

// As patch(1) does, but strictly: every line of a hunk must be where its numbers say.
Applied patched(std::string_view old_text, std::string_view diff) {
  const std::vector<std::string> old = lines_of(old_text), patch = lines_of(diff);
  Applied result;
  std::size_t at = 0;  // in `old`
  for (std::size_t i = 2; i < patch.size(); ++i) {
    std::string line = patch[i].substr(1);
    const bool has_mark = i + 1 < patch.size() && patch[i + 1].starts_with("\\ No newline");
    if (has_mark) line.pop_back();
    switch (patch[i].front()) {
      case '@': {
        std::size_t begin = 0;
        const char* number = patch[i].data() + 4;
        const auto [end, error] = std::from_chars(number, patch[i].data() + patch[i].size(), begin);
        const bool none = std::string_view(end, 2) == ",0";
        begin -= none ? 0 : 1;
        if (error != std::errc() || begin < at || begin > old.size()) return {"", 0, "numbers: " + patch[i]};
        for (; at < begin; ++at) result.text += old[at];
        continue;
      }
      case '+':
        result.text += line;
        ++result.changes;
        continue;
      case '-': ++result.changes; break;
      case '\\': continue;
      default: result.text += line;
    }
    if (at == old.size() || old[at] != line) return {"", 0, "line: " + patch[i]};
    ++at;
  }
  for (; at < old.size(); ++at) result.text += old[at];
  return result;
}

std::string any_text() {
  const auto lines = *rc::gen::container<std::vector<std::string>>(
      rc::gen::element<std::string>("a\n", "b\n", "c\n", "\n", "-\n", "@@\n"));
  std::string text;
  for (const std::string& line : lines) text += line;
  if (*rc::gen::inRange(0, 4) == 0) text += "an end";
  return text;
}

RC_GTEST_PROP(TextDiffLaws, applied_it_gives_the_new_text, ()) {
  const std::string old = any_text(), now = any_text();
  const std::string diff = unified_diff("old", old, "new", now);
  RC_LOG() << diff;
  const Applied result = patched(old, diff);
  RC_ASSERT(result.fault == "");
  RC_ASSERT(result.text == now);
  RC_ASSERT(diff.empty() == (old == now));
}

// Against the longest common subsequence, by the plain table.
RC_GTEST_PROP(TextDiffLaws, it_is_the_shortest, ()) {
  const std::string old_text = any_text(), new_text = any_text();
  const std::vector<std::string> old = lines_of(old_text), now = lines_of(new_text);
  std::vector<std::vector<std::size_t>> common(old.size() + 1, std::vector<std::size_t>(now.size() + 1, 0));
  for (std::size_t i = old.size(); i-- > 0;)
    for (std::size_t j = now.size(); j-- > 0;)
      common[i][j] = old[i] == now[j] ? common[i + 1][j + 1] + 1
                                      : std::max(common[i + 1][j], common[i][j + 1]);
  const Applied result = patched(old_text, unified_diff("old", old_text, "new", new_text));
  RC_ASSERT(result.changes == old.size() + now.size() - 2 * common[0][0]);
}

TEST(TextDiff, LooksAsDiffPrintsIt) {
  EXPECT_EQ(unified_diff("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "b", "1\n2\n3\n4\nfive\n6\n7\n8\n9\nten"),
            "--- a\n+++ b\n@@ -2,8 +2,9 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n+ten\n\\ No newline at "
            "end of file\n");
  EXPECT_EQ(unified_diff("a", "", "b", "1\n"), "--- a\n+++ b\n@@ -0,0 +1 @@\n+1\n");
  EXPECT_EQ(unified_diff("a", "1\n", "b", ""), "--- a\n+++ b\n@@ -1 +0,0 @@\n-1\n");
}

// The table of the algorithm would be too large.
TEST(TextDiff, TextsWithNothingInCommonAreReplaced) {
  std::string old_text, new_text;
  for (int i = 0; i < 20'000; ++i) {
    old_text += fmt::format("old {}\n", i);
    new_text += fmt::format("new {}\n", i);
  }
  const Applied result = patched(old_text, unified_diff("a", old_text, "b", new_text));
  EXPECT_EQ(result.fault, "");
  EXPECT_EQ(result.text, new_text);
}

}  // namespace
}  // namespace tunec
