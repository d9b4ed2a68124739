// .tunec/files, the list of what is ours: one path a line, by path_less, directories that we made with a / at
// their end. Kept as the text that it is, parted by the first name of its paths, and read with distrust.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/lines.h"
#include "base/sha256.h"

namespace tunec {

// The lines of one piece of the tree.
struct IndexPiece {
  std::string_view top;
  std::string_view lines;
};

class TreeIndex {
 public:
  explicit TreeIndex(std::string text);  // parted and hashed side by side: it may be megabytes
  TreeIndex(const TreeIndex&) = delete;
  TreeIndex& operator=(const TreeIndex&) = delete;
  std::span<const IndexPiece> pieces() const { return pieces_; }  // by name, each once
  const Fingerprint& fingerprint() const { return fingerprint_; }

 private:
  bool part();  // false if the lines are not in order
  std::string text_;
  std::vector<IndexPiece> pieces_;
  Fingerprint fingerprint_;
};

// A piece's lines, read. Views into them; by path_less, directories without their /. Throws TreeFault.
struct IndexEntries {
  std::vector<std::string_view> files, directories;
  explicit IndexEntries(std::string_view lines);
};

// The lines again. Both sorted by path_less.
std::string index_lines(std::span<const std::string_view> files,
                        std::span<const std::string_view> directories);

}  // namespace tunec
