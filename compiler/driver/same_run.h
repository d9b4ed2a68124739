// A run whose inputs are those of the last one, by hash, and whose output stands as that left it, would change nothing and say
// nothing: it need not be made. Kept in the output's cache (emit/tree_left.h), and only after a run that had nothing to say.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/recorded_files.h"

namespace tunec {

struct LastRun {
  std::size_t hosts = 0, files = 0;
};

// `options`: all that decides what is made beside the files that are read, and the program.
std::optional<LastRun> same_as_last_run(const std::string& output, const std::string& options, const FileSystem& files);
void keep_run(const std::string& output, const std::string& options, std::size_t hosts, const RecordedFiles& files);

}  // namespace tunec
