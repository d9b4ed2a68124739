// The record: a line for the program and the options, a line with the number of hosts, and the inputs, a line
// each.
#include "driver/unchanged_run.h"

#include <charconv>

#include <fmt/format.h>

#include "base/lines.h"
#include "base/recorded_files.h"
#include "output/tree/inputs_cache.h"
#include "output/tree/writer.h"

namespace tunec {
namespace {

std::string first_line(const std::string& options) {
  const Fingerprint program = fingerprint_of_program();
  return fmt::format("{:016x}{:016x} {}", program.bits[0], program.bits[1], sha256_hex(options));
}

}  // namespace

std::optional<UnchangedRun> unchanged_run(const std::string& output, const std::string& options,
                                          const FileSystem& files) {
  const auto inputs = last_inputs(output);
  if (!inputs) return std::nullopt;
  std::string_view record = inputs->text();
  if (next_line(record) != first_line(options)) return std::nullopt;
  const std::string_view hosts = next_line(record);
  UnchangedRun run;
  if (std::from_chars(hosts.data(), hosts.data() + hosts.size(), run.hosts).ec != std::errc())
    return std::nullopt;
  if (!same_answers(record, files, sha256_hex)) return std::nullopt;
  const auto as_left = files_as_left(output, inputs->left);
  if (!as_left) return std::nullopt;
  run.files = *as_left;
  return run;
}

void record_run(const std::string& output, const Fingerprint& left, const std::string& options,
                std::size_t hosts, const std::string& record) {
  if (!left.known() || !fingerprint_of_program().known()) return;
  keep_inputs(output, left, fmt::format("{}\n{}\n{}", first_line(options), hosts, record));
}

}  // namespace tunec
