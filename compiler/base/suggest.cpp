// Optimal string alignment distance: a slip of the fingers (a swap, a letter too many, too few or wrong)
// costs one.
#include "base/suggest.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

namespace tunec {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_but_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string digits_of(std::string_view text) {
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), [](char c) { return c >= '0' && c <= '9'; });
  return digits;
}

bool is_slip(std::string_view wrong, std::string_view name, std::size_t distance) {
  constexpr std::size_t shortest = 4, long_enough_for_two = 8;
  if (digits_of(wrong) != digits_of(name) || wrong.size() < shortest) return false;
  const bool has_word_before = distance > 1 && (wrong.ends_with(name) || name.ends_with(wrong));
  return !has_word_before && (distance <= 1 || (distance == 2 && wrong.size() >= long_enough_for_two));
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() < b.size()) std::swap(a, b);
  if (a.size() - b.size() > limit) return limit + 1;
  std::array<std::vector<std::size_t>, 3> rows;  // the row before the last, the last row, this row
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

std::optional<Near> nearest(std::string_view wrong, std::span<const std::string_view> names) {
  if (wrong.empty()) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t best_distance = std::max<std::size_t>(wrong.size(), 3) / 3 + 1;
  bool is_only = false;
  for (const std::string_view name : names) {
    if (name == wrong) continue;
    if (same_but_case(name, wrong)) return Near{std::string(wrong), std::string(name), true};
    const std::size_t distance = edit_distance(wrong, name, best_distance);
    // Names without a letter in common are not alike: every unit of one letter is one edit from every other.
    if (distance >= std::max(wrong.size(), name.size())) continue;
    if (best && distance == best_distance && name != *best) is_only = false;
    if (distance < best_distance) is_only = true;
    const bool better = distance < best_distance || (best && distance == best_distance && name < *best);
    if (!better) continue;
    best = name;
    best_distance = distance;
  }
  if (!best) return std::nullopt;
  return Near{std::string(wrong), std::string(*best), is_only && is_slip(wrong, *best, best_distance)};
}

}  // namespace tunec
