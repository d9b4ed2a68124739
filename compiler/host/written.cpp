#include "host/written.h"

#include <cstdlib>

#include <fmt/format.h>
#include <unistd.h>

#include "base/lines.h"

namespace tunec::host {
namespace {

constexpr const char* boot_file = "/proc/sys/kernel/random/boot_id";

}  // namespace

void note_written(const Machine& machine, const std::vector<std::string>& paths) {
  if (!machine.live || paths.empty()) return;
  const Evidence evidence = evidence_of(machine);
  std::map<std::string, double> written = written_in_this_boot(evidence);
  const double now = std::strtod(evidence.value("/proc/uptime").value_or("").c_str(), nullptr);
  for (const std::string& path : paths) written[path] = now;
  std::string text = evidence.value(boot_file).value_or("") + "\n";
  for (const auto& [path, seconds] : written) text += fmt::format("{:.2f} {}\n", seconds, path);
  Files(machine.root)
      .set(written_file, FileState{std::move(text), 0600, ::geteuid(), ::getegid(), std::nullopt, ""});
}

std::map<std::string, double> written_in_this_boot(const Evidence& evidence) {
  std::map<std::string, double> written;
  State state;
  try {
    state = evidence.file(written_file);
  } catch (const TreeFault&) {
    return written;  // it cannot be read, or a capture left it out
  }
  if (!state) return written;
  std::string_view rest = state->content;
  if (next_line(rest) != evidence.value(boot_file).value_or("")) return written;
  while (!rest.empty()) {
    const std::string line(next_line(rest));
    const std::size_t blank = line.find(' ');
    if (blank != line.npos) written[line.substr(blank + 1)] = std::strtod(line.c_str(), nullptr);
  }
  return written;
}

}  // namespace tunec::host
