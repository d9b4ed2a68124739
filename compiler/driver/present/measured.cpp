#include "driver/present/measured.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/table.h"

namespace tunec {
namespace {

using Json = nlohmann::ordered_json;
constexpr MetricVerdict verdicts[] = {MetricVerdict::better, MetricVerdict::worse,
                                      MetricVerdict::within_noise, MetricVerdict::too_few_runs};

std::size_t count_of(const MeasuredChange& change, MetricVerdict verdict) {
  return static_cast<std::size_t>(std::ranges::count(change.metrics, verdict, &ComparedMetric::verdict));
}

std::string side_text(const std::string& name, const Measurement& of) {
  return fmt::format("{}: {}, {}, Linux {}, {}", name, of.machine.host, of.system.os, of.system.kernel,
                     of.system.generation.empty() ? "no generation" : "generation " + of.system.generation);
}

std::string shift_text(const ComparedMetric& metric) {
  const std::string shift = (metric.shift < 0 ? "-" : "+") +
                            quantity_text(std::abs(metric.shift), metric.before.unit);
  if (metric.median_before == 0) return shift;
  return fmt::format("{} ({:+.1f} %)", shift, 100 * metric.shift / metric.median_before);
}

std::string table_text(const MeasuredChange& change) {
  Table table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::right}, 2);
  table.add({"metric", "runs", "before", "after", "shift", "delta", "verdict"});
  for (const ComparedMetric& metric : change.metrics) {
    table.add({metric.before.name,
               fmt::format("{}+{}", metric.before.values.size(), metric.after.values.size()),
               quantity_text(metric.median_before, metric.before.unit),
               quantity_text(metric.median_after, metric.before.unit), shift_text(metric),
               fmt::format("{:+.2f}", metric.test.delta), verdict_words(metric.verdict)});
  }
  return table.text();
}

Json side_json(const std::string& name, const Measurement& of) {
  const auto& system = of.system;
  return {{"file", name},
          {"host", of.machine.host},
          {"os", system.os},
          {"kernel", system.kernel},
          {"generation", system.generation.empty() ? Json(nullptr) : Json(std::stoi(system.generation))}};
}

Json metric_json(const ComparedMetric& metric) {
  const auto sample = [](const MeasuredMetric& of, double median) {
    return Json{{"runs", of.values.size()}, {"median", median}};
  };
  return {{"name", metric.before.name},
          {"unit", metric.before.unit},
          {"better", metric.before.higher_is_better ? "higher" : "lower"},
          {"before", sample(metric.before, metric.median_before)},
          {"after", sample(metric.after, metric.median_after)},
          {"shift", metric.shift},
          {"delta", metric.test.delta},
          {"p", metric.test.p},
          {"adjusted_p", metric.adjusted_p},
          {"exact", metric.test.exact},
          {"verdict", verdict_words(metric.verdict)}};
}

}  // namespace

std::string quantity_text(double value, std::string_view unit) {
  constexpr std::string_view large[] = {"", "k", "M", "G", "T", "P"}, small[] = {"", "m", "µ", "n"};
  std::size_t step = 0;
  std::string_view prefix;
  if (unit == "s") {
    for (; step < 3 && value != 0 && std::abs(value) < 1; ++step) value *= 1000;
    prefix = small[step];
  } else if (unit != "1/s") {
    for (; step < 5 && std::abs(value) >= 1000; ++step) value /= 1000;
    prefix = large[step];
  }
  const double size = std::abs(value);
  const int places = size >= 100 || size == 0 ? 0 : size >= 10 ? 1 : 2;
  return fmt::format("{:.{}f} {}{}", value, places, prefix, unit);
}

std::string measured_text(const ComparedFiles& files) {
  const MeasuredChange& change = files.change;
  std::string text = fmt::format("{}\n{}\n", side_text(files.before_name, files.before),
                                 side_text(files.after_name, files.after));
  for (const std::string& difference : files.other_machine)
    text += fmt::format("another machine: {}\n", difference);
  if (!change.metrics.empty()) text += "\n" + table_text(change);
  if (!change.not_compared.empty()) text += "\n";
  for (const MeasuredChange::Left& left : change.not_compared)
    text += fmt::format("not compared: {}: {}\n", left.metric, left.why);
  text += "\n";
  for (const MetricVerdict verdict : verdicts)
    text += fmt::format("{}{} {}", verdict == verdicts[0] ? "" : ", ", verdict_words(verdict),
                        count_of(change, verdict));
  text += "\n";
  if (count_of(change, MetricVerdict::too_few_runs) > 0)
    text += fmt::format("{} need at least {} runs before and after\n",
                        counted(change.metrics.size(), "metric"), change.runs_needed);
  text += fmt::format(
      "better and worse: Mann-Whitney's rank test with Holm's correction, together at most {:.0f} % chance "
      "of a "
      "false verdict, and Cliff's delta of at least {}\n"
      "shift: Hodges-Lehmann's, the median of all differences\n",
      100 * highest_p, least_delta);
  if (files.before.system.boot != files.after.system.boot)
    text += "each file is of one boot: what differs from boot to boot is part of what is compared\n";
  return text;
}

std::string measured_json(const ComparedFiles& files) {
  const MeasuredChange& change = files.change;
  Json metrics = Json::array(), left_out = Json::array(), counts = Json::object();
  for (const ComparedMetric& metric : change.metrics) metrics.push_back(metric_json(metric));
  for (const MeasuredChange::Left& left : change.not_compared)
    left_out.push_back({{"name", left.metric}, {"why", left.why}});
  for (const MetricVerdict verdict : verdicts) counts[verdict_words(verdict)] = count_of(change, verdict);
  const Json json{{"schema", "tunec bench compare 1"},
                  {"before", side_json(files.before_name, files.before)},
                  {"after", side_json(files.after_name, files.after)},
                  {"same_boot", files.before.system.boot == files.after.system.boot},
                  {"other_machine", files.other_machine},
                  {"highest_p", highest_p},
                  {"least_delta", least_delta},
                  {"runs_needed", change.runs_needed},
                  {"metrics", metrics},
                  {"not_compared", left_out},
                  {"verdicts", counts}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tunec
