#include "output/tree/paths.h"

#include <algorithm>

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
  if (path.find('\0') != path.npos || path.find('\n') != path.npos)
    return "contains a line break or a NUL byte";
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

}  // namespace tunec
