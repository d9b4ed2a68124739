// tunec-host bench: measures this machine with the benchmarks that are installed, and prints what it measured
// as JSON (stdlib/bench.schema.json). Changes nothing but a directory of its own, which it removes.
#pragma once

#include <optional>
#include <string>

#include "host/machine.h"

namespace tunec::host {

struct BenchOptions {
  bool quick = false;
  // Without a number: as many as tell a real difference from chance in all metrics together
  std::optional<int> rounds{};
  std::string peer{};                  // a host on which `iperf3 -s` runs
  std::string directory = "/var/tmp";  // whose disk is measured
  std::string benchmarks{};            // a file in the place of the shipped one
};

// Prints the JSON through Machine::say, and progress through Machine::warn. Returns an exit code: `failed` if
// a benchmark failed. Throws Refused if none can be run, or if an option makes no sense.
int bench(const Machine& machine, const BenchOptions& options);

}  // namespace tunec::host
