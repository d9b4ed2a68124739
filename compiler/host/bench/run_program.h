// Runs one program and waits for it: without a shell, with nothing to read, in a process group of its own.
#pragma once

#include <string>
#include <vector>

namespace tunec::host {

struct ProgramRun {
  int status = 0;        // its exit status; 127: it could not be started; 128 + N: signal N ended it
  bool in_time = true;   // false: it was ended at the limit
  bool stopped = false;  // SIGINT or SIGTERM came for us; it was ended
  std::string output, errors;
  double elapsed_seconds = 0;
};

ProgramRun run_program(const std::vector<std::string>& words, const std::string& directory,
                       double limit_seconds);

// Whether a program of this name is on PATH.
bool is_on_path(const std::string& program);

// While one of these lives, SIGINT and SIGTERM end the program that runs instead of this one.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
};

}  // namespace tunec::host
