// The longest common subsequence of lines, by dynamic programming. Equal beginnings and ends are cut off
// first. If the rest is too large for a table, it is shown as all removed and all added.
#include "support/diff.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "support/case_reader.h"

namespace tunec::test {
namespace {

constexpr std::size_t context = 3;
constexpr std::size_t largest_table = 4'000'000;

struct Line {
  char mark;  // ' ', '-' or '+'
  std::string text;
};

void between(const std::vector<std::string>& old, const std::vector<std::string>& now, std::size_t begin,
             std::size_t old_end, std::size_t now_end, std::vector<Line>& out) {
  const std::size_t rows = old_end - begin, columns = now_end - begin;
  const bool fits = rows * columns <= largest_table;
  std::vector<std::uint32_t> common(fits ? (rows + 1) * (columns + 1) : 0, 0);
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& {
    return common[i * (columns + 1) + j];
  };
  for (std::size_t i = rows; fits && i-- > 0;) {
    for (std::size_t j = columns; j-- > 0;) {
      at(i, j) = old[begin + i] == now[begin + j] ? at(i + 1, j + 1) + 1
                                                  : std::max(at(i + 1, j), at(i, j + 1));
    }
  }
  std::size_t i = 0, j = 0;
  while (i < rows || j < columns) {
    if (fits && i < rows && j < columns && old[begin + i] == now[begin + j]) {
      out.push_back({' ', old[begin + i++]});
      ++j;
    } else if (i < rows && (!fits || j == columns || at(i + 1, j) >= at(i, j + 1))) {
      out.push_back({'-', old[begin + i++]});
    } else {
      out.push_back({'+', now[begin + j++]});
    }
  }
}

}  // namespace

std::string unified_diff(std::string_view expected, std::string_view actual) {
  if (expected == actual) return "";
  const std::vector<std::string> old = lines_of(expected), now = lines_of(actual);
  const std::size_t shorter = std::min(old.size(), now.size());
  std::size_t begin = 0, tail = 0;
  while (begin < shorter && old[begin] == now[begin]) ++begin;
  while (tail < shorter - begin && old[old.size() - 1 - tail] == now[now.size() - 1 - tail]) ++tail;
  std::vector<Line> all;
  for (std::size_t i = begin - std::min(begin, context); i < begin; ++i) all.push_back({' ', old[i]});
  between(old, now, begin, old.size() - tail, now.size() - tail, all);
  for (std::size_t i = 0; i < std::min(tail, context); ++i) all.push_back({' ', old[old.size() - tail + i]});
  std::string text = fmt::format("--- expected\n+++ actual\n@@ from line {} @@\n",
                                 begin - std::min(begin, context) + 1);
  std::vector<bool> shown(all.size(), false);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t near = i - std::min(i, context);
         all[i].mark != ' ' && near < std::min(i + context + 1, all.size()); ++near)
      shown[near] = true;
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (shown[i]) text += all[i].mark + all[i].text + "\n";
    else if (i > 0 && shown[i - 1]) text += "@@\n";
  }
  if (old == now) text += "(they differ in the end of the last line)\n";
  return text;
}

}  // namespace tunec::test
