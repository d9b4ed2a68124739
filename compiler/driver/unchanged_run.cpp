// The record: a line with a hash of the options, a line with the number of hosts, and then the inputs, one a
// line.
#include "driver/unchanged_run.h"

#include <charconv>

#include <fmt/format.h>

#include "base/lines.h"
#include "base/sha256.h"
#include "driver/recorded_files.h"
#include "output/tree/writer.h"

namespace tunec {
std::optional<UnchangedRun> unchanged_run(const std::string& output, const std::string& options,
                                          const FileSystem& files) {
  UnchangedRun run;
  const auto still_valid = [&](std::string_view record) {
    if (next_line(record) != sha256_hex(options)) return false;
    const std::string_view hosts = next_line(record);
    run.record = record;
    return std::from_chars(hosts.data(), hosts.data() + hosts.size(), run.hosts).ec == std::errc() &&
           same_answers(record, files, sha256_hex);
  };
  const auto unchanged = unchanged_files(output, still_valid);
  if (!unchanged) return std::nullopt;
  run.files = *unchanged;
  return run;
}

std::string recorded_run(const std::string& options, std::size_t hosts, const std::string& record) {
  return fmt::format("{}\n{}\n{}", sha256_hex(options), hosts, record);
}

}  // namespace tunec
