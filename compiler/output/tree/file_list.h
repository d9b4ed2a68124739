// .tunec/files, the list of our files: one path a line, sorted by path_less; directories that we made end in
// `/`. It is kept as one text, cut into subtrees, and not trusted.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/lines.h"
#include "output/tree/fingerprint.h"

namespace tunec {

// The lines of one subtree.
struct ListedSubtree {
  std::string_view top;
  std::string_view lines;
};

class FileList {
 public:
  explicit FileList(std::string text);  // cut and hashed in parallel, since it may be megabytes
  FileList(const FileList&) = delete;
  FileList& operator=(const FileList&) = delete;
  std::span<const ListedSubtree> subtrees() const { return subtrees_; }  // by top, each once
  const Fingerprint& fingerprint() const { return fingerprint_; }

 private:
  bool cut();  // false if the lines are out of order
  std::string text_;
  std::vector<ListedSubtree> subtrees_;
  Fingerprint fingerprint_;
};

// Reads a subtree's lines as views into them; by path_less, directories without their `/`. Throws TreeFault.
struct ListedPaths {
  std::vector<std::string_view> files, directories;
  explicit ListedPaths(std::string_view lines);
};

// The inverse of that. Both lists are sorted by path_less.
std::string list_lines(std::span<const std::string_view> files,
                       std::span<const std::string_view> directories);

}  // namespace tunec
