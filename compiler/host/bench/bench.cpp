#include "host/bench/bench.h"

#include <utility>

#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "host/bench/benchmarks.h"
#include "host/bench/facts.h"
#include "host/bench/run_program.h"
#include "host/commands.h"
#include "host/files.h"
#include "host/live.h"

namespace tunec::host {

namespace {

using Json = nlohmann::ordered_json;

// With seven runs before and after, the most extreme order of two samples has the chance 2/3432; with six,
// 2/924.
constexpr int full_rounds = 7, quick_rounds = 6, most_rounds = 1000;

// A directory that ends with this object.
class ScratchDirectory {
 public:
  explicit ScratchDirectory(const std::string& above) : path_(above + "/tunec-bench.XXXXXX") {
    if (::mkdtemp(path_.data()) == nullptr)
      throw Refused{fmt::format("{}: no directory can be made here", above)};
  }
  ~ScratchDirectory() {
    try {
      const std::size_t slash = path_.rfind('/');
      Files(path_.substr(0, slash)).remove_all(path_.substr(slash + 1));
    } catch (const TreeFault&) {  // what is left lies below /var/tmp
    }
  }
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// One benchmark on its way through the rounds.
struct Course {
  Benchmark benchmark;
  std::vector<std::string> command;
  std::string version, fault;
  std::vector<std::vector<double>> values;  // of each metric
};

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string last_line(std::string text) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text.substr(text.rfind('\n') + 1);
}

// Fills the command. Returns why the benchmark cannot run here; empty if it can.
std::string obstacle(const Benchmark& benchmark, const BenchOptions& options, const std::string& directory,
                     const std::string& release, std::vector<std::string>& command) {
  if (!is_on_path(benchmark.command.front()))
    return fmt::format("{} is not installed", benchmark.command.front());
  std::map<std::string, std::string> values = options.quick ? benchmark.quick : benchmark.full;
  values["directory"] = directory;
  values["release"] = release;
  if (!options.peer.empty()) values["peer"] = options.peer;
  for (const std::string& word : benchmark.command) {
    const auto whole = filled(word, values);
    if (!whole && word.find("{peer}") != word.npos) return "no --peer is given";
    if (!whole) throw Refused{fmt::format("{}: no value for `{}`", benchmark.name, word)};
    command.push_back(*whole);
  }
  for (const std::string& file : benchmark.needs) {
    const std::string path = filled(file, values).value_or(file);
    if (::access(path.c_str(), R_OK) != 0) return fmt::format("{} is missing, or cannot be read", path);
  }
  struct statvfs disk {};
  const std::uint64_t space = options.quick ? benchmark.quick_space : benchmark.full_space;
  if (space > 0 && ::statvfs(directory.c_str(), &disk) == 0 &&
      disk.f_bavail * disk.f_frsize < space + space / 8)
    return fmt::format("it writes {} bytes, and {} has no room for them", space, options.directory);
  return "";
}

void measure(Course& course, const std::string& directory) {
  const ProgramRun run = run_program(course.command, directory, course.benchmark.limit);
  if (run.stopped) throw Failed{"stopped"};
  if (!run.in_time) {
    course.fault = fmt::format("it was not done after {} seconds", course.benchmark.limit);
  } else if (run.status != 0) {
    const std::string line = last_line(run.errors.empty() ? run.output : run.errors);
    course.fault = fmt::format("it ended with {}{}{}", run.status, line.empty() ? "" : ": ", line);
  }
  if (!course.fault.empty()) return;
  std::vector<double> numbers;
  for (const Metric& metric : course.benchmark.metrics) {
    const auto number = number_in(run.output, run.elapsed_seconds, metric);
    if (!number) {
      course.fault = fmt::format("its output has no number for {}", metric.name);
      return;
    }
    numbers.push_back(*number);
  }
  for (std::size_t i = 0; i < numbers.size(); ++i) course.values[i].push_back(numbers[i]);
}

std::string joined(const std::vector<std::string>& words, const std::string& directory) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
  // The directory has another name in each run.
  for (std::size_t at = line.find(directory); at != line.npos; at = line.find(directory))
    line.replace(at, directory.size(), "DIR");
  return line;
}

Json metrics_of(const std::vector<Course>& courses, const std::string& directory) {
  Json metrics = Json::array();
  for (const Course& course : courses) {
    for (std::size_t i = 0; i < course.values.size(); ++i) {
      const Metric& metric = course.benchmark.metrics[i];
      if (course.values[i].empty()) continue;
      metrics.push_back({{"name", metric.name},
                         {"what", metric.what},
                         {"unit", metric.unit},
                         {"better", metric.better},
                         {"command", joined(course.command, directory)},
                         {"version", course.version},
                         {"values", course.values[i]}});
    }
  }
  return metrics;
}

std::string text_of_file(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const State file = Files(slash == path.npos ? "." : path.substr(0, slash + 1)).read(path.substr(slash + 1));
  if (!file) throw Refused{fmt::format("{}: there is no such file", path)};
  return file->content;
}

}  // namespace

int bench(const Machine& machine, const BenchOptions& options) {
  if (options.rounds && (*options.rounds < 1 || *options.rounds > most_rounds))
    throw Refused{fmt::format("{} is no number of rounds: 1 to {}", *options.rounds, most_rounds)};
  if (options.peer.starts_with('-')) throw Refused{fmt::format("`{}` is no name of a host", options.peer)};
  const auto benchmarks = options.benchmarks.empty()
                              ? read_benchmarks(shipped_benchmarks(), "stdlib/benchmarks.json")
                              : read_benchmarks(text_of_file(options.benchmarks), options.benchmarks);
  const int rounds = options.rounds.value_or(options.quick ? quick_rounds : full_rounds);
  const Json system = system_facts(machine);
  const ScratchDirectory scratch(options.directory);
  const StopSignals stop_signals;
  std::vector<Course> courses;
  Json skipped = Json::array(), failed = Json::array();
  for (const Benchmark& benchmark : benchmarks) {
    Course course{benchmark, {}, "", "", std::vector<std::vector<double>>(benchmark.metrics.size())};
    const std::string why = obstacle(benchmark, options, scratch.path(), system.at("kernel"), course.command);
    if (!why.empty()) {
      machine.warn(fmt::format("{} is left out: {}\n", benchmark.name, why));
      skipped.push_back({{"benchmark", benchmark.name}, {"why", why}});
      continue;
    }
    if (!benchmark.version.empty())
      course.version = first_line(run_program(benchmark.version, scratch.path(), 10).output);
    courses.push_back(std::move(course));
  }
  if (courses.empty()) throw Refused{"no benchmark can be run here"};
  for (int round = 1; round <= rounds; ++round) {
    for (Course& course : courses) {
      if (!course.fault.empty()) continue;
      machine.warn(fmt::format("round {} of {}: {}\n", round, rounds, course.benchmark.name));
      measure(course, scratch.path());
      if (course.fault.empty()) continue;
      machine.warn(fmt::format("{} failed and is not run again: {}\n", course.benchmark.name, course.fault));
      failed.push_back({{"benchmark", course.benchmark.name}, {"round", round}, {"why", course.fault}});
    }
  }
  const Json result{{"schema", "tunec bench 1"}, {"machine", machine_facts(machine)},
                    {"system", system},          {"quick", options.quick},
                    {"rounds", rounds},          {"metrics", metrics_of(courses, scratch.path())},
                    {"skipped", skipped},        {"failed", failed}};
  machine.say(result.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
  return failed.empty() ? exit_as_wanted : exit_failed;
}

}  // namespace tunec::host
