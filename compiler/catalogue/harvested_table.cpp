#include "catalogue/harvested_table.h"

#include <algorithm>
#include <set>

#include "base/lines.h"
#include "diagnostics/diag.h"

namespace tunec {
namespace {

// "# linux 6.1 on debian 12"
bool read_title(std::string_view line, Release& release) {
  const auto words = split(line.substr(std::min<std::size_t>(2, line.size())), ' ');
  if (words.size() < 4 || words[2] != "on") return false;
  const auto version = Version::parse(words[1]);
  if (!version) return false;
  release.subject = words[0];
  release.version = *version;
  release.os = words[3];
  if (words.size() > 4) release.os_release = words[4];
  return true;
}

}  // namespace

HarvestedTable load_harvest(FileId file, const Sources& sources, Reporter& reporter) {
  HarvestedTable table;
  std::string_view text = sources.text(file);
  std::set<std::string_view> kinds;
  bool from_packages = false;
  std::size_t at = 0;
  bool titled = false;
  constexpr std::size_t columns = 10, columns_of_packages = 2;
  constexpr std::string_view others = "# others ";
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const Span where{file, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end)};
    at = end + 1;
    if (!titled) {
      titled = true;
      if (!read_title(line, table.release))
        reporter.report(where, diag::bad_record,
                        "a table begins with what it was read from, as in `# linux 6.1 on debian 12`");
      continue;
    }
    if (line.starts_with(others)) table.package_of_others = line.substr(others.size());
    if (line.starts_with('#')) continue;
    const auto cells = split(line, '\t');
    if (cells.size() == columns_of_packages) {
      table.packages.emplace_back(cells[0], cells[1]);
      continue;
    }
    if (cells.size() != columns) {
      reporter.report(where, diag::bad_record,
                      fmt::format("a line has {} columns, not {}", columns, cells.size()));
      continue;
    }
    kinds.insert(cells[0]);
    from_packages = from_packages || cells[2].find('p') != std::string_view::npos;
    table.rows.push_back(
        {cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[6], cells[7], cells[8], cells[9]});
  }
  // A running kernel shows only what it had loaded.
  if (from_packages) table.release.whole.assign(kinds.begin(), kinds.end());
  return table;
}

}  // namespace tunec
