#include "measure/compare.h"

#include <cmath>

#include <gtest/gtest.h>

namespace tunec {
namespace {

Measurement of(std::vector<MeasuredMetric> metrics) {
  return {{"kvm-01", "a CPU", "0-7", 64'000'000'000}, {}, std::move(metrics)};
}

MeasuredMetric metric(const char* name, std::vector<double> values) {
  return {name, "", "1/s", true, "run", "1.0", std::move(values)};
}

// Of the 252 ways to choose five of ten, 2 are as extreme as a separation, and 38 as 20 pairs of 25.
TEST(RankTest, KnownValues) {
  const std::vector<double> low{1, 2, 3, 4, 5}, high{6, 7, 8, 9, 10}, mixed{2.5, 3.5, 6, 7, 8};
  EXPECT_NEAR(rank_test(low, high).p, 2.0 / 252, 1e-12);
  EXPECT_EQ(rank_test(low, high).delta, 1);
  EXPECT_NEAR(rank_test(low, mixed).p, 38.0 / 252, 1e-12);
  EXPECT_NEAR(least_p(5, 5), 2.0 / 252, 1e-12);
  EXPECT_NEAR(least_p(7, 7), 2.0 / 3432, 1e-12);
  EXPECT_NEAR(least_p(3, 7), 2.0 / 120, 1e-12);
}

TEST(RankTest, MoreThanAHundredValuesAreApproximated) {
  std::vector<double> first, second, shifted;
  for (int i = 0; i < 60; ++i) {
    first.push_back(2 * i);
    second.push_back(2 * i + 1);
    shifted.push_back(2 * i + 1000);
  }
  const RankTest same = rank_test(first, second), other = rank_test(first, shifted);
  EXPECT_FALSE(same.exact);
  EXPECT_GT(same.p, 0.8);
  EXPECT_LT(other.p, 1e-15);
  EXPECT_EQ(rank_test(std::vector<double>(60, 1.0), std::vector<double>(60, 1.0)).p, 1);
  // Where both can be had, they agree.
  first.resize(50);
  second.resize(50);
  for (double& value : second) value += 20;
  const double exact = rank_test(first, second).p;
  first.push_back(49);
  second.push_back(69);
  EXPECT_NEAR(rank_test(first, second).p, exact, 0.01);
}

TEST(MeasureCompare, EachVerdict) {
  const std::vector<double> before{10, 11, 12, 13, 14, 15, 16};
  const std::vector<double> more{20, 21, 22, 23, 24, 25, 26}, less{1, 2, 3, 4, 5, 6, 7};
  const auto change = compare(of({metric("up", before), metric("down", before), metric("same", before)}),
                              of({metric("up", more), metric("down", less), metric("same", before)}));
  EXPECT_EQ(change.metrics[0].verdict, MetricVerdict::better);
  EXPECT_EQ(change.metrics[0].shift, 10);
  EXPECT_NEAR(change.metrics[0].adjusted_p, 3 * 2.0 / 3432, 1e-12);
  EXPECT_EQ(change.metrics[1].verdict, MetricVerdict::worse);
  EXPECT_EQ(change.metrics[2].verdict, MetricVerdict::within_noise);
  EXPECT_EQ(change.runs_needed, 5U);
}

// Three runs cannot tell anything, however far apart they are; four can for one metric, not for ten.
TEST(MeasureCompare, TooFewRuns) {
  const auto few = compare(of({metric("a", {1, 2, 3})}), of({metric("a", {100, 200, 300})}));
  EXPECT_EQ(few.metrics[0].verdict, MetricVerdict::too_few_runs);
  EXPECT_EQ(few.runs_needed, 4U);
  std::vector<MeasuredMetric> before, after;
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"}) {
    before.push_back(metric(name, {1, 2, 3, 4}));
    after.push_back(metric(name, {100, 200, 300, 400}));
  }
  EXPECT_EQ(compare(of({before[0]}), of({after[0]})).metrics[0].verdict, MetricVerdict::better);
  const auto ten = compare(of(before), of(after));
  for (const ComparedMetric& compared : ten.metrics) EXPECT_EQ(compared.verdict, MetricVerdict::too_few_runs);
  EXPECT_EQ(ten.runs_needed, 6U);
}

// With hundreds of runs, a rank test finds even differences that are too small to matter.
TEST(MeasureCompare, ASmallEffectIsNoise) {
  std::vector<double> before, after;
  for (int i = 0; i < 500; ++i) {
    before.push_back(i);
    after.push_back(i + 60);
  }
  const auto change = compare(of({metric("a", before)}), of({metric("a", after)}));
  EXPECT_LT(change.metrics[0].test.p, 0.001);
  EXPECT_LT(change.metrics[0].test.delta, least_delta);
  EXPECT_EQ(change.metrics[0].verdict, MetricVerdict::within_noise);
}

TEST(MeasureCompare, WhatWasMeasuredInAnotherWayIsNotCompared) {
  MeasuredMetric quick = metric("a", {1}), newer = metric("b", {1});
  quick.command = "run --quick";
  newer.version = "2.0";
  const auto change = compare(of({metric("a", {1}), metric("b", {1}), metric("c", {1})}),
                              of({quick, newer, metric("d", {1})}));
  EXPECT_TRUE(change.metrics.empty());
  std::string all;
  for (const auto& left : change.not_compared) all += left.metric + ": " + left.why + "\n";
  EXPECT_EQ(all,
            "a: it was called in another way: `run`, then `run --quick`\n"
            "b: its program is another one: 1.0, then 2.0\n"
            "c: it was not measured after\n"
            "d: it was not measured before\n");
}

TEST(MeasureCompare, AnotherMachine) {
  const Measurement one = of({});
  Measurement other = one;
  other.machine.memory -= 2'000'000'000;  // another kernel keeps more
  EXPECT_EQ(other_machine(one, other), std::vector<std::string>{});
  other.machine.memory = 32'000'000'000;
  other.machine.cpus = "0-15";
  EXPECT_EQ(other_machine(one, other),
            (std::vector<std::string>{"cpus: 0-7, then 0-15",
                                      "memory: 64000000000 bytes, then 32000000000 bytes"}));
}

TEST(MeasureCompare, WhatIsNoMeasurement) {
  const auto fault = [](std::string_view text) {
    const auto read = read_measurement(text);
    const auto* found = std::get_if<std::string>(&read);
    return found != nullptr ? *found : "";
  };
  EXPECT_TRUE(fault("").starts_with("is nothing that `tunec-host bench` wrote"));
  EXPECT_EQ(fault("[]"), "is nothing that `tunec-host bench` wrote");
  EXPECT_EQ(fault(R"({"schema": "tunec bench 2"})"),
            "is `tunec bench 2`, but this tunec reads `tunec bench 1`");
  EXPECT_NE(fault(R"({"schema": "tunec bench 1", "machine": {}})"), "");
  EXPECT_NE(
      fault(
          R"({"schema": "tunec bench 1", "machine": {"host": "a", "cpu": "b", "cpus": "0", "memory": -1}})"),
      "");
}

}  // namespace
}  // namespace tunec
