// Optimal string alignment distance: a slip of the fingers (a swap, a letter too many, too few or wrong)
// costs one.
#include "base/suggest.h"

#include <algorithm>
#include <array>
#include <vector>

namespace tunec {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_but_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() < b.size()) std::swap(a, b);
  if (a.size() - b.size() > limit) return limit + 1;
  std::array<std::vector<std::size_t>, 3> rows;  // before the last, the last, this one
  for (auto& row : rows) row.resize(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) rows[1][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& [older, last, row] = rows;
    row[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({change, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], older[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (least > limit + 1) return limit + 1;  // a swap may still save one
    std::swap(older, last);
    std::swap(last, row);
  }
  return std::min(rows[1][b.size()], limit + 1);
}

std::optional<std::string> nearest(std::string_view wrong, std::span<const std::string_view> names) {
  if (wrong.empty()) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t best_distance = std::max<std::size_t>(wrong.size(), 3) / 3 + 1;
  for (const std::string_view name : names) {
    if (name == wrong) continue;
    if (same_but_case(name, wrong)) return std::string(name);
    const std::size_t distance = edit_distance(wrong, name, best_distance);
    // Nothing left in common is no likeness: every unit of one letter is one edit from every other.
    if (distance >= std::max(wrong.size(), name.size())) continue;
    const bool better = distance < best_distance || (best && distance == best_distance && name < *best);
    if (!better) continue;
    best = name;
    best_distance = distance;
  }
  if (!best) return std::nullopt;
  return std::string(*best);
}

}  // namespace tunec
