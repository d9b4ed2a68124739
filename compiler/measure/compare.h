// Two measurements of one machine → for each metric, whether it became better or worse, as far as the values
// tell.
//
// A metric is better or worse only if both hold: the rank test's p, after Holm's correction for the number of
// metrics, is at most 5 %, and Cliff's delta is at least 0.474. So if nothing changed, the chance of any such
// verdict in a whole comparison is at most 5 %. If no order of so few values could reach that p, the verdict
// is `too few runs`. A verdict depends on the order of the values alone.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "measure/measurement.h"
#include "measure/rank_test.h"

namespace tunec {

inline constexpr double highest_p = 0.05, least_delta = 0.474;

enum class MetricVerdict { better, worse, within_noise, too_few_runs };
const char* verdict_words(MetricVerdict verdict);

struct ComparedMetric {
  MeasuredMetric before, after;
  double median_before = 0, median_after = 0;
  double shift = 0;  // in the metric's unit; positive: the values after are higher
  RankTest test;
  double adjusted_p = 1;
  MetricVerdict verdict = MetricVerdict::within_noise;
};

struct MeasuredChange {
  std::vector<ComparedMetric> metrics;
  struct Left {
    std::string metric, why;
  };
  std::vector<Left> not_compared;
  std::size_t runs_needed = 0;  // before and after, for so many metrics
};

MeasuredChange compare(const Measurement& before, const Measurement& after);

// In which facts the machines differ, as in "cpus: 0-3, then 0-7"; none if it can be the same machine.
std::vector<std::string> other_machine(const Measurement& before, const Measurement& after);

}  // namespace tunec
