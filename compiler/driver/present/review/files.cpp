// Rendered files that change, for people.
#include <algorithm>

#include "base/lines.h"
#include "base/table.h"
#include "driver/present/review/view.h"
#include "driver/present/terminal.h"
#include "machine/host_names.h"

namespace tunec {
namespace {

constexpr std::size_t max_files = 12, max_lines = 12, max_name_parts = 4;

std::string whose(const FileChange& change, std::size_t max_parts) {
  if (change.hosts == std::vector<std::string>{""}) return "the site";
  const std::string names = compact_names(change.hosts, max_parts);
  return change.hosts.size() == 1 ? names
                                  : fmt::format("{}, {}", counted(change.hosts.size(), "host"), names);
}

std::string_view what(const FileChange& change) {
  return change.added ? ", new" : change.removed ? ", removed" : "";
}

// The hunks, without the two lines that name the file; `most` lines of them, or all if 0.
std::string hunks(std::string_view diff, std::size_t most, TextStyle style) {
  std::string text;
  std::size_t shown = 0, all = 0;
  for (std::size_t line = 0; !diff.empty(); ++line) {
    const std::string_view one = next_line(diff);
    if (line < 2 && (one.starts_with("--- ") || one.starts_with("+++ "))) continue;
    ++all;
    if (most != 0 && shown == most) continue;
    ++shown;
    const std::string_view colour = one.starts_with('+') ? "32" : one.starts_with('-') ? "31" : "";
    text += fmt::format("   {}\n",
                        style.colour && !colour.empty() ? in_colour(one, colour) : std::string(one));
  }
  if (shown < all) text += fmt::format("   … and {} (`--full`)\n", counted(all - shown, "more line"));
  return text;
}

// Said where the two are not the same.
std::string writers(const ReviewView& view) {
  const auto named = [](const std::string& tunec) {
    return tunec.empty() ? std::string("several versions of tunec") : tunec;
  };
  return view.written_before == view.written_after
             ? ""
             : fmt::format("written by {} and by {}: what the sites did not change may be tunec's doing\n",
                           named(view.written_before), named(view.written_after));
}

// The changes that most hosts have come first.
std::vector<const FileChange*> by_hosts(const std::vector<FileChange>& changes) {
  std::vector<const FileChange*> sorted;
  for (const FileChange& change : changes) sorted.push_back(&change);
  std::ranges::stable_sort(sorted, {}, [](const FileChange* change) { return -std::ssize(change->hosts); });
  return sorted;
}

}  // namespace

std::string files_text(const std::vector<FileChange>& changes, const ReviewView& view, TextStyle style) {
  if (changes.empty())
    return fmt::format("{} → {}: no file changes\n", view.before, view.after) + writers(view);
  std::string text = fmt::format("{} → {}: {} of files\n", view.before, view.after,
                                 counted(changes.size(), "change")) +
                     writers(view);
  std::size_t number = 0;
  for (const FileChange* change : by_hosts(changes)) {
    ++number;
    if (view.group != 0 ? number != view.group : !view.full && number > max_files) continue;
    const bool all = view.full || view.group != 0;
    text += fmt::format("\n{}  {}{}{}{}  {}\n", number, change->path, what(*change),
                        change->effect.empty() ? "" : "  ", change->effect,
                        whose(*change, all ? 0 : max_name_parts));
    text += hunks(change->diff, all ? 0 : max_lines, style);
  }
  if (view.group == 0 && !view.full && changes.size() > max_files)
    text += fmt::format("\n… and {} more: `--group N` opens one, `--full` all\n", changes.size() - max_files);
  return text;
}

std::string files_markdown(const std::vector<FileChange>& changes, const ReviewView& view) {
  constexpr std::size_t max_characters = 55'000;
  std::string text = fmt::format("<!-- tunec diff of files -->\n### tunec: {} of files\n\n{} → {}\n",
                                 counted(changes.size(), "change"), view.before, view.after) +
                     writers(view);
  std::size_t left_out = 0;
  for (const FileChange* change : by_hosts(changes)) {
    // A fence that is longer than any run of backticks in the lines
    std::string fence = "```";
    while (change->diff.find(fence) != std::string::npos) fence += '`';
    const std::string one = fmt::format(
        "\n<details><summary>{}{}{}: {}</summary>\n\n{}diff\n{}\n{}\n\n</details>\n", change->path,
        what(*change), change->effect.empty() ? "" : fmt::format(" ({})", change->effect),
        whose(*change, max_name_parts), fence, change->diff, fence);
    if (text.size() + one.size() > max_characters) ++left_out;
    else text += one;
  }
  if (left_out > 0) text += fmt::format("\n… and {} more, for which there is no room here.\n", left_out);
  return text;
}

}  // namespace tunec
