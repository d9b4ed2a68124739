#include "measure/compare.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace tunec {
namespace {

// Why two metrics of one name are not the same.
std::string difference(const MeasuredMetric& before, const MeasuredMetric& after) {
  if (before.command != after.command)
    return fmt::format("it was called in another way: `{}`, then `{}`", before.command, after.command);
  if (before.version != after.version)
    return fmt::format("its program is another one: {}, then {}", before.version, after.version);
  if (before.unit != after.unit || before.higher_is_better != after.higher_is_better)
    return "its unit or its direction is another one";
  return "";
}

// Holm's: the k-th least p of n counts n - k + 1 times, and never less than a smaller one.
void adjust(std::vector<ComparedMetric>& metrics) {
  std::vector<std::size_t> order(metrics.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return metrics[i].test.p; });
  double highest = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    ComparedMetric& metric = metrics[order[k]];
    highest = std::max(highest, std::min(1.0, static_cast<double>(order.size() - k) * metric.test.p));
    metric.adjusted_p = highest;
  }
}

MetricVerdict verdict_of(const ComparedMetric& metric, std::size_t of_so_many) {
  if (metric.adjusted_p <= highest_p && std::abs(metric.test.delta) >= least_delta)
    return (metric.test.delta > 0) == metric.before.higher_is_better ? MetricVerdict::better
                                                                     : MetricVerdict::worse;
  const double least = least_p(metric.before.values.size(), metric.after.values.size());
  return least * static_cast<double>(of_so_many) > highest_p ? MetricVerdict::too_few_runs
                                                             : MetricVerdict::within_noise;
}

}  // namespace

const char* verdict_words(MetricVerdict verdict) {
  constexpr const char* words[] = {"better", "worse", "within noise", "too few runs"};
  return words[static_cast<std::size_t>(verdict)];
}

MeasuredChange compare(const Measurement& before, const Measurement& after) {
  MeasuredChange change;
  for (const MeasuredMetric& metric : before.metrics) {
    const auto other = std::ranges::find(after.metrics, metric.name, &MeasuredMetric::name);
    const std::string why = other == after.metrics.end() ? "it was not measured after"
                                                         : difference(metric, *other);
    if (!why.empty()) {
      change.not_compared.push_back({metric.name, why});
      continue;
    }
    change.metrics.push_back({metric, *other, median_of(metric.values), median_of(other->values),
                              shift_of(metric.values, other->values),
                              rank_test(metric.values, other->values)});
  }
  for (const MeasuredMetric& metric : after.metrics) {
    if (std::ranges::find(before.metrics, metric.name, &MeasuredMetric::name) == before.metrics.end())
      change.not_compared.push_back({metric.name, "it was not measured before"});
  }
  adjust(change.metrics);
  for (ComparedMetric& metric : change.metrics) metric.verdict = verdict_of(metric, change.metrics.size());
  const auto count = static_cast<double>(change.metrics.size());
  while (least_p(change.runs_needed, change.runs_needed) * count > highest_p) ++change.runs_needed;
  return change;
}

std::vector<std::string> other_machine(const Measurement& before, const Measurement& after) {
  std::vector<std::string> differences;
  const auto compared = [&](std::string_view name, const std::string& a, const std::string& b) {
    if (a != b) differences.push_back(fmt::format("{}: {}, then {}", name, a, b));
  };
  compared("host", before.machine.host, after.machine.host);
  compared("cpu", before.machine.cpu, after.machine.cpu);
  compared("cpus", before.machine.cpus, after.machine.cpus);
  // How much the kernel keeps for itself depends on its version and on its command line.
  const auto a = static_cast<double>(before.machine.memory), b = static_cast<double>(after.machine.memory);
  if (std::abs(a - b) > 0.05 * std::max(a, b))
    compared("memory", fmt::format("{} bytes", before.machine.memory),
             fmt::format("{} bytes", after.machine.memory));
  return differences;
}

}  // namespace tunec
