// The whole compiler over files in memory, for laws and fuzzing, and the manners that every run must have
// whatever it was given.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "driver/pipeline.h"

namespace tunec::test {

// One text as several files: `--- NAME` on a line of its own begins the file NAME. What stands before the
// first is main.tune.
MemoryFileSystem files_from(std::string_view text);

struct Run {
  std::unique_ptr<Compilation> compilation;
  RenderedFleet rendered;  // empty if there were errors
};
Run compile_in_memory(const FileSystem& files, const std::string& main_file = "main.tune");

// What a user gets: all files with their modes, all steps.
std::string every_byte(const RenderedFleet& rendered);

// Every place inside its file or `nowhere`, sorted, each diagnostic renderable as text and as JSON. Empty, or
// what is wrong.
std::string ill_manners(const Reporter& reporter, const Sources& sources);

}  // namespace tunec::test
