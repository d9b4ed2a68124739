// What `tunec-host bench` wrote: JSON → a machine, what ran on it, and the values of each metric.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <cstdint>

namespace tunec {

struct MeasuredMetric {
  std::string name, what;
  std::string unit;  // s, 1/s, B/s or bit/s, of each value
  bool higher_is_better = true;
  std::string command, version;  // two metrics of one name are the same if these are
  std::vector<double> values;
};

struct Measurement {
  struct Machine {
    std::string host, cpu, cpus;  // its name, the model, the list of those that are built in
    std::uint64_t memory = 0;     // bytes that the kernel has
  } machine;
  struct System {
    std::string os, kernel, boot, generation;  // of tunec-host; empty: none, or not known
  } system;
  std::vector<MeasuredMetric> metrics;
};

// Or why the text is none.
std::variant<Measurement, std::string> read_measurement(std::string_view json);

}  // namespace tunec
