// Skips a run that would change nothing: the options, the program, all inputs and all output files are as the
// last clean run left them. The tree's cache records that run (TreeOptions::inputs). A run with any
// diagnostic is not recorded, so its diagnostics appear each time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/file_system.h"

namespace tunec {

struct UnchangedRun {
  std::size_t hosts = 0, files = 0;
  std::string record;  // of all inputs, as recorded_run() got it
};

// `options`: everything besides the inputs that decides the output.
std::optional<UnchangedRun> unchanged_run(const std::string& output, const std::string& options,
                                          const FileSystem& files);
// The text that records a run, for TreeOptions::inputs. `record`: all inputs (driver/recorded_files.h).
std::string recorded_run(const std::string& options, std::size_t hosts, const std::string& record);

}  // namespace tunec
