#include "measure/rank_test.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

namespace tunec {
namespace {

constexpr std::size_t most_exact = 100;

struct Ranked {
  std::vector<std::uint32_t>
      doubled;                   // ranks from 1, rising; equal values share the mean of theirs; times two
  std::uint64_t second_sum = 0;  // of the second sample's
  double ties = 0;               // sum of t³ - t over groups of t equal values
};

Ranked ranks_of(std::span<const double> first, std::span<const double> second) {
  std::vector<std::pair<double, bool>> all;
  for (const double value : first) all.emplace_back(value, false);
  for (const double value : second) all.emplace_back(value, true);
  std::ranges::sort(all);
  Ranked ranked;
  for (std::size_t begin = 0, end = 0; begin < all.size(); begin = end) {
    while (end < all.size() && all[end].first == all[begin].first) ++end;
    const auto rank = static_cast<std::uint32_t>(begin + end + 1);
    for (std::size_t i = begin; i < end; ++i) {
      ranked.doubled.push_back(rank);
      if (all[i].second) ranked.second_sum += rank;
    }
    const auto size = static_cast<double>(end - begin);
    ranked.ties += size * size * size - size;
  }
  return ranked;
}

// Of all ways to choose `count` of the ranks, the share whose sum is as far from the mean as `sum` is.
double exact_p(const std::vector<std::uint32_t>& ranks, std::size_t count, std::uint64_t sum) {
  const std::uint64_t total = std::accumulate(ranks.begin(), ranks.end(), std::uint64_t{0});
  // ways[c][s]: subsets of c of the ranks so far with the sum s.
  std::vector<std::vector<double>> ways(count + 1, std::vector<double>(total + 1, 0.0));
  ways[0][0] = 1;
  for (const std::uint32_t rank : ranks) {
    for (std::size_t c = count; c > 0; --c) {
      for (std::uint64_t s = total; s >= rank; --s) ways[c][s] += ways[c - 1][s - rank];
    }
  }
  const auto distance = [&](std::uint64_t s) {  // from the mean, times the number of ranks
    const auto scaled = static_cast<std::int64_t>(s * ranks.size()),
               mean = static_cast<std::int64_t>(total * count);
    return std::abs(scaled - mean);
  };
  double all = 0, extreme = 0;
  for (std::uint64_t s = 0; s <= total; ++s) {
    all += ways[count][s];
    if (distance(s) >= distance(sum)) extreme += ways[count][s];
  }
  return extreme / all;
}

double normal_p(const Ranked& ranked, std::size_t first, std::size_t second) {
  const auto a = static_cast<double>(first), b = static_cast<double>(second), n = a + b;
  const double variance = a * b / 12 * (n + 1 - ranked.ties / (n * (n - 1)));
  if (variance <= 0) return 1;
  const double distance = std::abs(static_cast<double>(ranked.second_sum) / 2 - b * (n + 1) / 2);
  return std::min(1.0, std::erfc(std::max(0.0, distance - 0.5) / std::sqrt(2 * variance)));
}

}  // namespace

RankTest rank_test(std::span<const double> first, std::span<const double> second) {
  RankTest test;
  if (first.empty() || second.empty()) return test;
  const Ranked ranked = ranks_of(first, second);
  test.exact = ranked.doubled.size() <= most_exact;
  test.p = test.exact ? exact_p(ranked.doubled, second.size(), ranked.second_sum)
                      : normal_p(ranked, first.size(), second.size());
  const auto a = static_cast<double>(first.size()), b = static_cast<double>(second.size());
  // The pairs in which the second is greater, where equal ones count half.
  const double greater = static_cast<double>(ranked.second_sum) / 2 - b * (b + 1) / 2;
  test.delta = 2 * greater / (a * b) - 1;
  return test;
}

double least_p(std::size_t first, std::size_t second) {
  double ways = 1;  // to choose the second sample of all
  for (std::size_t i = 1; i <= second; ++i)
    ways = ways * static_cast<double>(first + i) / static_cast<double>(i);
  return std::min(1.0, 2 / ways);
}

double median_of(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : sorted[half - 1] + (sorted[half] - sorted[half - 1]) / 2;
}

double shift_of(std::span<const double> first, std::span<const double> second) {
  std::vector<double> differences;
  differences.reserve(first.size() * second.size());
  for (const double before : first) {
    for (const double after : second) differences.push_back(after - before);
  }
  return median_of(differences);
}

}  // namespace tunec
