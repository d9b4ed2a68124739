#include "host/bench/bench.h"

#include <filesystem>
#include <map>
#include <set>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "host/bench/benchmarks.h"
#include "host/bench/run_program.h"
#include "host/commands.h"
#include "support/host_rig.h"

namespace tunec::test {
namespace {

using host::Metric;

TEST(HostBench, TheNumberOfAMetric) {
  const auto after = [](const char* text, const char* output) {
    return host::number_in(output, 9, {"m", "", text, "", 2, "s", "lower"});
  };
  EXPECT_EQ(after("per second:", "events per second:   786.5\nevents per second: 3\n"), 1573.0);
  EXPECT_EQ(after("transferred (", "5067.74 MiB transferred (5061.5 MiB/sec)"), 10123.0);
  EXPECT_EQ(after("per second:", "events per second: none"), std::nullopt);
  EXPECT_EQ(after("per second:", "nothing"), std::nullopt);
  const auto at = [](const char* pointer, const char* output) {
    return host::number_in(output, 9, {"m", "", "", pointer, 0.5, "s", "lower"});
  };
  EXPECT_EQ(at("/jobs/0/iops", R"({"jobs": [{"iops": 12}]})"), 6.0);
  EXPECT_EQ(at("/jobs/0/p/99.000000", R"({"jobs": [{"p": {"99.000000": 4}}]})"), 2.0);
  EXPECT_EQ(at("/jobs/1/iops", R"({"jobs": [{"iops": 12}]})"), std::nullopt);
  EXPECT_EQ(at("/jobs", R"({"jobs": "12"})"), std::nullopt);
  EXPECT_EQ(at("/jobs", "fio: error"), std::nullopt);
  EXPECT_EQ(host::number_in("", 9, {"m", "", "", "", 1, "s", "lower"}), 9.0);
}

TEST(HostBench, WordsInBraces) {
  EXPECT_EQ(host::filled("--time={t}{u}", {{"t", "2"}, {"u", "s"}}), "--time=2s");
  EXPECT_EQ(host::filled("{t}", {{"t", "{t}"}}), "{t}");
  EXPECT_EQ(host::filled("{peer}", {}), std::nullopt);
  EXPECT_EQ(host::filled("a{b", {}), "a{b");
}

// The data is sound: units are the canonical ones, names are unique, and each word in braces has a value.
TEST(HostBench, TheShippedBenchmarks) {
  const auto benchmarks = host::read_benchmarks(host::shipped_benchmarks(), "benchmarks.json");
  EXPECT_GE(benchmarks.size(), 6U);
  std::set<std::string> names;
  for (const host::Benchmark& benchmark : benchmarks) {
    for (const auto& values : {benchmark.full, benchmark.quick}) {
      auto all = values;
      for (const char* name : {"peer", "directory", "release"}) all[name] = "x";
      for (const std::string& word : benchmark.command) EXPECT_TRUE(host::filled(word, all)) << word;
      for (const std::string& file : benchmark.needs) EXPECT_TRUE(host::filled(file, all)) << file;
    }
    EXPECT_FALSE(benchmark.metrics.empty()) << benchmark.name;
    for (const Metric& metric : benchmark.metrics) {
      EXPECT_TRUE(names.insert(metric.name).second) << metric.name;
      EXPECT_TRUE(metric.name.starts_with(benchmark.name + ".")) << metric.name;
      EXPECT_TRUE((std::set<std::string>{"s", "1/s", "B/s", "bit/s"}.contains(metric.unit))) << metric.name;
    }
  }
}

// What sysbench 1.0.20, fio 3.33, iperf3 3.12 and stress-ng 0.15.06 printed, with most of it left out.
TEST(HostBench, TheShippedBenchmarksReadWhatTheirProgramsPrint) {
  const std::map<std::string, const char*> printed{
      {"cpu",
       "CPU speed:\n    events per second:   786.75\n\nLatency (ms):\n         avg:     1.27\n"
       "         95th percentile:                        4.82\n"},
      {"memory",
       "Total operations: 5189369 (5182829.50 per second)\n\n"
       "5067.74 MiB transferred (5061.36 MiB/sec)\n"},
      {"disk-write", R"({"fio version": "fio-3.33", "jobs": [{"error": 0, "read": {"iops": 0.0},
          "write": {"iops": 7476.761619, "clat_ns": {"percentile": {"95.000000": 1, "99.000000": 2998272}}}}]})"},
      {"disk-mixed", R"({"jobs": [{"read": {"iops": 1964.0}, "write": {"iops": 2009.9}}]})"},
      {"network",
       R"({"end": {"sum_sent": {"bits_per_second": 3}, "sum_received": {"bits_per_second": 17900357994.1}}})"},
      {"load",
       "metrics:\n    - stressor: cpu\n      bogo-ops: 1360\n"
       "      bogo-ops-per-second-usr-sys-time: 2118.393261\n"
       "      bogo-ops-per-second-real-time: 1348.043967\n"},
      {"vm", ""}};
  std::map<std::string, double> numbers;
  for (const host::Benchmark& benchmark :
       host::read_benchmarks(host::shipped_benchmarks(), "benchmarks.json")) {
    ASSERT_TRUE(printed.contains(benchmark.name)) << benchmark.name << " needs an output here";
    for (const Metric& metric : benchmark.metrics) {
      const auto number = host::number_in(printed.at(benchmark.name), 1.5, metric);
      ASSERT_TRUE(number) << metric.name;
      numbers[metric.name] = *number;
    }
  }
  EXPECT_EQ(numbers["cpu.events"], 786.75);
  EXPECT_DOUBLE_EQ(numbers["cpu.latency"], 0.00482);
  EXPECT_DOUBLE_EQ(numbers["memory.write"], 5061.36 * 1048576);
  EXPECT_EQ(numbers["disk-write.operations"], 7476.761619);
  EXPECT_DOUBLE_EQ(numbers["disk-write.latency"], 0.002998272);
  EXPECT_EQ(numbers["disk-mixed.reads"], 1964.0);
  EXPECT_EQ(numbers["disk-mixed.writes"], 2009.9);
  EXPECT_EQ(numbers["network.received"], 17900357994.1);
  EXPECT_EQ(numbers["load.operations"], 1348.043967);
  EXPECT_EQ(numbers["vm.start"], 1.5);
}

TEST(HostBench, ABenchmarkThatIsNone) {
  const auto fault = [](const std::string& benchmark) -> std::string {
    try {
      host::read_benchmarks(R"({"schema": "tunec benchmarks 1", "benchmarks": [)" + benchmark + "]}",
                            "own.json");
    } catch (const host::Refused& refused) {
      return refused.text;
    }
    return "";
  };
  const std::string start =
      R"({"name": "a", "command": "b", "full": {}, "quick": {}, "limit": 1, "metrics": [{"name": "a.b", "what": "", "unit": "s", )";
  EXPECT_EQ(fault(start + R"("better": "more", "after": "x"}]})"),
            "own.json: a.b: `better` is `more`, but has to be higher or lower");
  EXPECT_EQ(fault(start + R"("better": "lower"}]})"),
            "own.json: a.b: needs one of `after`, `pointer` and `elapsed: true`");
  EXPECT_EQ(fault(R"({"name": "a", "command": " ", "full": {}, "quick": {}})"),
            "own.json: a: has an empty command");
  EXPECT_TRUE(fault("3").starts_with("own.json: is no list of benchmarks: "));
}

TEST(HostBench, AProgramIsRunWithoutAShell) {
  const auto run = host::run_program({"printf", "%s", "$HOME;\n"}, "/", 60);
  EXPECT_EQ(run.output, "$HOME;\n");
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(host::run_program({"sh", "-c", "echo e >&2; exit 3"}, "/", 60).errors, "e\n");
  EXPECT_EQ(host::run_program({"sh", "-c", "exit 3"}, "/", 60).status, 3);
  EXPECT_EQ(host::run_program({"tunec-no-such-program"}, "/", 60).status, 127);
  EXPECT_EQ(host::run_program({"sh", "-c", "kill -9 $$"}, "/", 60).status, 128 + 9);
  EXPECT_EQ(host::run_program({"cat"}, "/", 60).output, "");  // it has nothing to read
  // Children of a program are ended with it.
  const auto late = host::run_program({"sh", "-c", "sleep 1000 & sleep 1000"}, "/", 0.2);
  EXPECT_FALSE(late.in_time);
  EXPECT_NE(late.status, 0);
  EXPECT_FALSE(host::run_program({"sh", "-c", "exec >&- 2>&-; sleep 1000"}, "/", 0.2).in_time);
}

// Benchmarks of a file of its own: scripts that print a number and write down that they ran.
class HostBenchRun : public testing::Test {
 protected:
  HostBenchRun() { rig_.scratch.make_directory("disk"); }

  void script(const std::string& name, const std::string& text) {
    rig_.scratch.write(name,
                       "#!/bin/sh\necho " + name + " >> " + rig_.scratch.at("order") + "\n" + text + "\n");
    std::filesystem::permissions(rig_.scratch.at(name), std::filesystem::perms::owner_all);
    benchmarks_["benchmarks"].push_back(
        {{"name", name},
         {"command", rig_.scratch.at(name) + " {directory} {n}"},
         {"full", {{"n", "1"}}},
         {"quick", {{"n", "2"}}},
         {"limit", 60},
         {"metrics",
          {{{"name", name + ".n"}, {"what", "w"}, {"after", "n ="}, {"unit", "s"}, {"better", "lower"}}}}});
  }

  int run(host::BenchOptions options) {
    rig_.scratch.write("own.json", benchmarks_.dump());
    options.benchmarks = rig_.scratch.at("own.json");
    options.directory = rig_.scratch.at("disk");
    rig_.said.clear();
    const int code = host::bench(rig_.running(), options);
    result_ = nlohmann::json::parse(rig_.said);
    EXPECT_EQ(rig_.scratch.names("disk"), std::vector<std::string>());
    return code;
  }

  HostRig rig_;
  nlohmann::json benchmarks_{{"schema", "tunec benchmarks 1"}, {"benchmarks", nlohmann::json::array()}};
  nlohmann::json result_;
};

TEST_F(HostBenchRun, InTurns) {
  script("a", "echo \"n = $2.5\"; touch $1/left-behind; mkdir $1/d; touch $1/d/e");
  script("b", "echo 'n = 7'");
  EXPECT_EQ(run({.quick = true, .rounds = 3}), host::exit_as_wanted);
  EXPECT_EQ(rig_.scratch.read("order"), "a\nb\na\nb\na\nb\n");
  EXPECT_EQ(result_["metrics"][0]["values"], nlohmann::json({2.5, 2.5, 2.5}));
  EXPECT_EQ(result_["metrics"][0]["command"], rig_.scratch.at("a") + " DIR 2");
  EXPECT_EQ(result_["metrics"][1]["values"], nlohmann::json({7, 7, 7}));
  EXPECT_EQ(result_["system"]["boot"], "first");
  EXPECT_EQ(result_["system"]["generation"], nullptr);
}

TEST_F(HostBenchRun, TheGenerationInPlace) {
  script("a", "echo 'n = 1'");
  rig_.compile({{"etc/a", {"text\n"}}});
  EXPECT_EQ(rig_.apply(rig_.running()), host::exit_as_wanted) << rig_.refusal;
  run({.rounds = 1});
  EXPECT_EQ(result_["system"]["generation"], 1);
}

TEST_F(HostBenchRun, WhatIsMissingAndWhatFails) {
  script("good", "echo 'n = 1'");
  script("broken", "echo 'the disk is gone' >&2; exit 4");
  script("silent", "echo nothing");
  script("gone", "");
  script("remote", "");
  std::filesystem::remove(rig_.scratch.at("gone"));
  benchmarks_["benchmarks"][4]["command"] = rig_.scratch.at("remote") + " {peer}";
  EXPECT_EQ(run({.rounds = 2}), host::exit_failed);
  EXPECT_EQ(rig_.scratch.read("order"), "good\nbroken\nsilent\ngood\n");
  EXPECT_EQ(result_["metrics"].size(), 1U);
  EXPECT_EQ(result_["skipped"],
            nlohmann::json::parse(R"([{"benchmark": "gone", "why": ")" + rig_.scratch.at("gone") +
                                  R"( is not installed"},
      {"benchmark": "remote", "why": "no --peer is given"}])"));
  EXPECT_EQ(result_["failed"], nlohmann::json::parse(R"([
      {"benchmark": "broken", "round": 1, "why": "it ended with 4: the disk is gone"},
      {"benchmark": "silent", "round": 1, "why": "its output has no number for silent.n"}])"));
}

TEST_F(HostBenchRun, NothingCanBeRun) {
  script("remote", "");
  benchmarks_["benchmarks"][0]["needs"] = {"/no/such/device"};
  EXPECT_THROW(run({.rounds = 1}), host::Refused);
}

TEST_F(HostBenchRun, OptionsThatMakeNoSenseAreRefused) {
  EXPECT_THROW(run({.rounds = 0}), host::Refused);
  EXPECT_THROW(run({.rounds = 1001}), host::Refused);
  EXPECT_THROW(run({.rounds = 1, .peer = "-J"}), host::Refused);
}

}  // namespace
}  // namespace tunec::test
