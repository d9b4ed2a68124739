// What is kept: a line with the program's build id, a hash of the options and the number of hosts, then the questions and answers.
#include "driver/same_run.h"

#include <charconv>

#include <fmt/format.h>

#include "emit/fingerprint.h"
#include "emit/tree_left.h"

namespace tunec {
namespace {

std::string begin_of(const std::string& options) {
  const Fingerprint program = fingerprint_of_program();
  return fmt::format("{:016x}{:016x} {} ", program.bits[0], program.bits[1], sha256_hex(options));
}

}  // namespace

std::optional<LastRun> same_as_last_run(const std::string& output, const std::string& options, const FileSystem& files) {
  const auto inputs = last_inputs(output);
  const std::string begin = begin_of(options);
  if (!inputs || !inputs->starts_with(begin)) return std::nullopt;
  LastRun run;
  const char* const last = inputs->data() + inputs->size();
  const auto [end, wrong] = std::from_chars(inputs->data() + begin.size(), last, run.hosts);
  if (wrong != std::errc() || end == last || *end != '\n') return std::nullopt;
  if (!same_answers({end + 1, last}, files, sha256_hex)) return std::nullopt;
  const auto left = files_as_left(output);
  if (!left) return std::nullopt;
  run.files = *left;
  return run;
}

void keep_run(const std::string& output, const std::string& options, std::size_t hosts, const RecordedFiles& files) {
  const auto record = files.record();
  if (record && fingerprint_of_program().known()) keep_inputs(output, fmt::format("{}{}\n{}", begin_of(options), hosts, *record));
}

}  // namespace tunec
