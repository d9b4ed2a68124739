// The whole compiler over files in memory, for laws and fuzzing; and the properties that every run must have,
// for any input.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "driver/pipeline.h"

namespace tunec::test {

// Splits one text into several files: a line `--- NAME` begins the file NAME. The text before the first such
// line is main.tune.
MemoryFileSystem files_from(std::string_view text);

struct Run {
  std::unique_ptr<Compilation> compilation;
  RenderedFleet rendered;  // empty if there were errors
};
Run compile_in_memory(const FileSystem& files, const std::string& main_file = "main.tune");

// The output of a run: all files with their modes, and all steps.
std::string every_byte(const RenderedFleet& rendered);

// Checks that each place is inside its file or `nowhere`, that diagnostics are sorted, and that each can be
// rendered as text and JSON. Returns the fault, or an empty text.
std::string ill_manners(const Reporter& reporter, const Sources& sources);

}  // namespace tunec::test
