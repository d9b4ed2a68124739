#include "output/tree/file_list.h"

#include <algorithm>

#include "base/parallel.h"
#include "output/tree/directory.h"
#include "output/tree/paths.h"

namespace tunec {
namespace {

std::string_view without_slash(std::string_view line) {
  return line.ends_with('/') ? line.substr(0, line.size() - 1) : line;
}

}  // namespace

FileList::FileList(std::string text) : text_(std::move(text)) {
  if (!text_.empty() && text_.back() != '\n') text_ += '\n';
  bool in_order = true;
  in_parallel(2, [&](std::size_t i) {
    if (i == 0) in_order = cut();
    else fingerprint_ = fingerprint_of(text_);
  });
  if (in_order) return;
  // We do not write such a list: somebody merged two.
  std::vector<std::string_view> lines;
  for (std::string_view rest = text_; !rest.empty();) lines.push_back(next_line(rest));
  std::ranges::sort(lines, path_less, without_slash);
  std::string sorted;
  for (const std::string_view line : lines) sorted.append(line).append("\n");
  text_ = std::move(sorted);
  cut();
}

bool FileList::cut() {
  subtrees_.clear();
  for (std::string_view rest = text_; !rest.empty();) {
    const std::string_view line = next_line(rest), top = top_of(line);
    const auto length = static_cast<std::size_t>(line.size() + 1);
    if (!subtrees_.empty() && subtrees_.back().top == top) {
      std::string_view& lines = subtrees_.back().lines;
      lines = {lines.data(), lines.size() + length};
      continue;
    }
    if (!subtrees_.empty() && !path_less(subtrees_.back().top, top)) return false;
    subtrees_.push_back({top, {line.data(), length}});
  }
  return true;
}

ListedPaths::ListedPaths(std::string_view lines) {
  while (!lines.empty()) {
    const std::string_view line = next_line(lines), path = without_slash(line);
    if (path_fault(path) != nullptr)
      tree_fault_at(".tunec/files", "is damaged: remove it, or restore the directory");
    (path.size() < line.size() ? directories : files).push_back(path);
  }
  for (std::vector<std::string_view>* paths : {&files, &directories}) {
    if (!std::ranges::is_sorted(*paths, path_less)) std::ranges::sort(*paths, path_less);
  }
}

std::string list_lines(std::span<const std::string_view> files,
                       std::span<const std::string_view> directories) {
  std::string text;
  auto directory = directories.begin();
  const auto add_directory = [&] { text.append(*directory++).append("/\n"); };
  for (const std::string_view file : files) {
    while (directory != directories.end() && path_less(*directory, file)) add_directory();
    text.append(file).append("\n");
  }
  while (directory != directories.end()) add_directory();
  return text;
}

}  // namespace tunec
