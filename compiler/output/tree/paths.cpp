// Paths of a tree: their order, which are none, and which do not go together.
#include <algorithm>

#include <fmt/format.h>

#include "output/tree/source.h"

namespace tunec {

bool inside(std::string_view path, std::string_view directory) {
  return path.size() > directory.size() && path.starts_with(directory) && path[directory.size()] == '/';
}

bool path_less(std::string_view a, std::string_view b) {
  const auto [at, bt] = std::ranges::mismatch(a, b);
  if (at == a.end() || bt == b.end()) return at == a.end() && bt != b.end();
  if (*at == '/' || *bt == '/') return *at == '/';
  return static_cast<unsigned char>(*at) < static_cast<unsigned char>(*bt);
}

const char* path_fault(std::string_view path) {
  if (path.empty()) return "is empty";
  if (path.front() == '/') return "is not relative";
  if (path.find('\0') != path.npos || path.find('\n') != path.npos) return "has a line break or a NUL in it";
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    const std::string_view part = path.substr(at, end - at);
    if (part.empty()) return "has an empty part";
    if (part == "." || part == "..") return "has a part `.` or `..`";
    if (at == 0 && part == ".tunec") return "is where tunec keeps its own files";
    at = end + 1;
  }
  return nullptr;
}

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

std::string_view FilesInMemory::top(std::size_t piece) const { return top_of(files_[begins_[piece]].path); }

std::vector<TreeFile> FilesInMemory::files(std::size_t piece) const {
  const std::size_t end = piece + 1 < begins_.size() ? begins_[piece + 1] : files_.size();
  return {files_.begin() + static_cast<std::ptrdiff_t>(begins_[piece]),
          files_.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace tunec
