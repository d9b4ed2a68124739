// tunec-host bench: measures this machine with the benchmarks that are installed, and prints what it measured
// as JSON (stdlib/bench.schema.json). Changes nothing but a directory of its own, which it removes.
#pragma once

#include <span>
#include <string>

#include "host/machine.h"

namespace tunec::host {

extern const char* const bench_help;

struct BenchOptions {
  bool quick = false;
  int rounds = 0;      // 0: as many as tell a real difference from chance in all metrics together
  std::string peer{};  // a host on which `iperf3 -s` runs
  std::string directory = "/var/tmp";  // whose disk is measured
  std::string benchmarks{};            // a file in the place of the shipped one
};

BenchOptions bench_options(std::span<const char* const> given);

// Prints the JSON through Machine::say, and progress through Machine::warn. Returns an exit code: `failed` if
// a benchmark failed, `usage_or_io` if none could be run.
int bench(const Machine& machine, const BenchOptions& options);

}  // namespace tunec::host
