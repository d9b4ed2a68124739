#include "output/sums.h"

#include <vector>

#include <fmt/ranges.h>

#include "base/parallel.h"
#include "base/sha256.h"

namespace tunec {
namespace {

// In a line that begins with a backslash, backslashes in the name are doubled: units' names contain some.
std::string sum_line(const std::string& path, const std::string& hash) {
  if (path.find('\\') == path.npos) return fmt::format("{}  {}\n", hash, path);
  std::string name;
  for (const char c : path) name += c == '\\' ? std::string("\\\\") : std::string(1, c);
  return fmt::format("\\{}  {}\n", hash, name);
}

}  // namespace

std::string sums_of(const TreeSource& tree) {
  std::vector<std::string> parts(tree.subtrees());
  in_parallel(parts.size(), subtrees_in_batch, [&](std::size_t i) {
    for (const TreeFile& file : tree.files(i)) parts[i] += sum_line(file.path, sha256_hex(*content_of(file)));
  });
  return fmt::format("{}", fmt::join(parts, ""));
}

}  // namespace tunec
