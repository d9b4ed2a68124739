// Skips a run that would change nothing: if the options, the program, all inputs and all files of the output
// are as the last clean run left them, there is nothing to do. The tree's cache records that run
// (TreeOptions::inputs). A run with any diagnostic is not recorded, so its diagnostics appear each time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/file_system.h"

namespace tunec {

struct UnchangedRun {
  std::size_t hosts = 0, files = 0;
  std::string record;  // of all inputs, as recorded_run() was given it
};

// `options`: everything but the inputs that decides what is written.
std::optional<UnchangedRun> unchanged_run(const std::string& output, const std::string& options,
                                          const FileSystem& files);
// The text that records a run, for TreeOptions::inputs. `record`: of all inputs (driver/recorded_files.h).
std::string recorded_run(const std::string& options, std::size_t hosts, const std::string& record);

}  // namespace tunec
