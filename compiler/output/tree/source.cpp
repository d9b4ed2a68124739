#include "output/tree/source.h"

#include <algorithm>

#include <fmt/format.h>

#include "output/tree/paths.h"

namespace tunec {

std::shared_ptr<const std::string> content_of(const TreeFile& file) {
  return file.content ? file.content : std::make_shared<const std::string>(file.make());
}

std::string tree_fault(std::span<const TreeFile> sorted) {
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const std::string& path = sorted[i].path;
    if (const char* reason = path_fault(path)) return fmt::format("`{}`: {}", path, reason);
    if (i == 0) continue;
    const std::string& before = sorted[i - 1].path;
    if (path == before) return fmt::format("{}: two files of this path", path);
    if (inside(path, before)) return fmt::format("{}: a file, and a directory for {}", before, path);
  }
  return {};
}

FilesInMemory::FilesInMemory(std::span<const TreeFile> files) : files_(files.begin(), files.end()) {
  std::ranges::sort(files_, path_less, &TreeFile::path);
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (begins_.empty() || top(begins_.size() - 1) != top_of(files_[i].path)) begins_.push_back(i);
  }
}

std::string_view FilesInMemory::top(std::size_t subtree) const {
  return top_of(files_[begins_[subtree]].path);
}

std::vector<TreeFile> FilesInMemory::files(std::size_t subtree) const {
  const std::size_t end = subtree + 1 < begins_.size() ? begins_[subtree + 1] : files_.size();
  return {files_.begin() + static_cast<std::ptrdiff_t>(begins_[subtree]),
          files_.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace tunec
