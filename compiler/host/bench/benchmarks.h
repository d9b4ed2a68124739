// Which benchmarks there are, how they are called, and which numbers of their output count: all of it is
// data, stdlib/benchmarks.json, which the program carries. Another file of its form can take its place.
//
// A command is split at blanks, and no shell sees it; words in braces are replaced afterwards.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cstdint>

namespace tunec::host {

struct Metric {
  std::string name, what;
  // Where the number stands: after this text, or at this JSON pointer; with neither it is the elapsed time.
  std::string after, pointer;
  double scale = 1;    // from the number of the output to `unit`
  std::string unit;    // s, 1/s, B/s or bit/s
  std::string better;  // higher or lower
};

struct Benchmark {
  std::string name;
  std::vector<std::string> command, version;  // the words; of `version`, the first line that it prints counts
  std::map<std::string, std::string> full, quick;  // values for words in braces
  std::vector<std::string> needs;                  // files without which it cannot run
  std::uint64_t full_space = 0, quick_space = 0;   // bytes that it writes to {directory}
  double limit = 60;                               // seconds after which it is ended
  std::vector<Metric> metrics;
};

// The file's text → its benchmarks. Refused with `shown` in the message if it has another form.
std::vector<Benchmark> read_benchmarks(std::string_view text, const std::string& shown);
std::string_view shipped_benchmarks();

// A word with its braces replaced; nothing if a value for one of them is missing.
std::optional<std::string> filled(std::string word, const std::map<std::string, std::string>& values);

// The number of a metric in what a benchmark printed, in the metric's unit; nothing if it is not there.
std::optional<double> number_in(std::string_view output, double elapsed_seconds, const Metric& metric);

}  // namespace tunec::host
