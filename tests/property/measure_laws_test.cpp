// Laws of the comparison of measurements. Small whole numbers, so that a monotone function of them is exact,
// and so that there are many ties.
#include <algorithm>
#include <bit>
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include "measure/compare.h"

namespace tunec {
namespace {

using Values = std::vector<double>;

Values any_values(int least, int most) {
  const auto count = *rc::gen::inRange(least, most + 1);
  const auto spread = *rc::gen::inRange(1, 30);
  Values values;
  for (int i = 0; i < count; ++i) values.push_back(*rc::gen::inRange(0, spread + 1));
  return values;
}

MeasuredMetric metric_of(const std::string& name, Values values, bool higher_is_better = true) {
  return {name, "", "s", higher_is_better, "command", "1", std::move(values)};
}

// Two measurements with the same metrics; the second's values are shifted, so that all verdicts occur.
std::pair<Measurement, Measurement> any_pair() {
  std::pair<Measurement, Measurement> pair;
  const auto count = *rc::gen::inRange(1, 5);
  for (int i = 0; i < count; ++i) {
    const std::string name(1, static_cast<char>('a' + i));
    const bool higher = *rc::gen::arbitrary<bool>();
    const auto shift = *rc::gen::inRange(-30, 31);
    Values after = any_values(1, 12);
    for (double& value : after) value += shift;
    pair.first.metrics.push_back(metric_of(name, any_values(1, 12), higher));
    pair.second.metrics.push_back(metric_of(name, after, higher));
  }
  return pair;
}

std::vector<MetricVerdict> verdicts_of(const Measurement& before, const Measurement& after) {
  std::vector<MetricVerdict> verdicts;
  for (const ComparedMetric& metric : compare(before, after).metrics) verdicts.push_back(metric.verdict);
  return verdicts;
}

Measurement changed(Measurement measurement, double (*function)(double)) {
  for (MeasuredMetric& metric : measurement.metrics) {
    for (double& value : metric.values) value = function(value);
  }
  return measurement;
}

MetricVerdict opposite(MetricVerdict verdict) {
  return verdict == MetricVerdict::better  ? MetricVerdict::worse
         : verdict == MetricVerdict::worse ? MetricVerdict::better
                                           : verdict;
}

RC_GTEST_PROP(MeasureLaws, SwappingTheSidesSwapsBetterAndWorse, ()) {
  const auto [before, after] = any_pair();
  std::vector<MetricVerdict> there = verdicts_of(before, after);
  const std::vector<MetricVerdict> back = verdicts_of(after, before);
  std::ranges::transform(there, there.begin(), opposite);
  RC_TAG(static_cast<int>(there.front()));
  RC_ASSERT(there == back);
}

RC_GTEST_PROP(MeasureLaws, ASteepScaleForBothSidesKeepsEveryVerdict, ()) {
  const auto [before, after] = any_pair();
  const auto cube = [](double value) { return value * value * value + 5; };
  RC_ASSERT(verdicts_of(before, after) == verdicts_of(changed(before, cube), changed(after, cube)));
}

RC_GTEST_PROP(MeasureLaws, AMirroredScaleSwapsBetterAndWorse, ()) {
  const auto [before, after] = any_pair();
  const auto mirror = [](double value) { return -value; };
  std::vector<MetricVerdict> there = verdicts_of(before, after);
  std::ranges::transform(there, there.begin(), opposite);
  RC_ASSERT(there == verdicts_of(changed(before, mirror), changed(after, mirror)));
}

RC_GTEST_PROP(MeasureLaws, TheSameValuesInAnotherOrderAreNoise, ()) {
  Measurement before = any_pair().first, after = before;
  for (MeasuredMetric& metric : after.metrics) std::ranges::reverse(metric.values);
  for (const ComparedMetric& metric : compare(before, after).metrics) {
    RC_ASSERT(metric.verdict == MetricVerdict::within_noise || metric.verdict == MetricVerdict::too_few_runs);
    RC_ASSERT(metric.test.p == 1.0);
    RC_ASSERT(metric.test.delta == 0.0);
    RC_ASSERT(metric.shift == 0.0);
  }
}

// Another metric makes the correction stricter: it can take a verdict away, and cannot give one.
RC_GTEST_PROP(MeasureLaws, AnotherMetricGivesNoVerdict, ()) {
  auto [before, after] = any_pair();
  const MetricVerdict alone = verdicts_of({{}, {}, {before.metrics[0]}}, {{}, {}, {after.metrics[0]}})[0];
  const MetricVerdict among = verdicts_of(before, after)[0];
  const auto decides = [](MetricVerdict verdict) {
    return verdict == MetricVerdict::better || verdict == MetricVerdict::worse;
  };
  RC_ASSERT(!decides(among) || among == alone);
}

// Against the definition: all ways to choose the second sample are tried.
RC_GTEST_PROP(MeasureLaws, TheExactTestIsThatOfAllPermutations, ()) {
  const Values first = any_values(1, 6), second = any_values(1, 6);
  Values all = first;
  all.insert(all.end(), second.begin(), second.end());
  const auto greater =
      [&](unsigned chosen) {  // pairs in which the chosen one is greater; equal ones count half
        double sum = 0;
        for (std::size_t i = 0; i < all.size(); ++i) {
          for (std::size_t j = 0; j < all.size(); ++j) {
            if ((chosen >> i & 1U) == 1 && (chosen >> j & 1U) == 0)
              sum += all[i] > all[j] ? 1.0 : all[i] == all[j] ? 0.5 : 0.0;
          }
        }
        return sum;
      };
  const double mean = static_cast<double>(first.size() * second.size()) / 2;
  const unsigned own = ((1U << second.size()) - 1U) << first.size();
  double ways = 0, extreme = 0;
  for (unsigned chosen = 0; chosen < 1U << all.size(); ++chosen) {
    if (static_cast<std::size_t>(std::popcount(chosen)) != second.size()) continue;
    ++ways;
    if (std::abs(greater(chosen) - mean) >= std::abs(greater(own) - mean)) ++extreme;
  }
  const RankTest test = rank_test(first, second);
  RC_ASSERT(std::abs(test.p - extreme / ways) < 1e-12);
  RC_ASSERT(std::abs(test.delta - (greater(own) / mean - 1)) < 1e-12);
}

// The median of all differences lies between the least and the greatest, and moves with the second sample.
RC_GTEST_PROP(MeasureLaws, TheShiftMovesWithTheValues, ()) {
  const Values first = any_values(1, 10);
  Values second = any_values(1, 10);
  const double shift = shift_of(first, second);
  RC_ASSERT(shift <= std::ranges::max(second) - std::ranges::min(first));
  RC_ASSERT(shift >= std::ranges::min(second) - std::ranges::max(first));
  for (double& value : second) value += 17;
  RC_ASSERT(shift_of(first, second) == shift + 17);
}

}  // namespace
}  // namespace tunec
