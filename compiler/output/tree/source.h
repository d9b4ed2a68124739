// Where a tree's files come from: checks of what a source gives, and the source of files that are in memory.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "output/tree/writer.h"

namespace tunec {

// Why such files, sorted by path_less, cannot make one tree ("PATH: …": `..` in it, twice, a file and a
// directory too); empty if they can.
std::string tree_fault(std::span<const TreeFile> sorted);
// Its bytes, made now if they were not before.
std::shared_ptr<const std::string> content_of(const TreeFile& file);

bool inside(std::string_view path, std::string_view directory);
// The first name of a path.
inline std::string_view top_of(std::string_view path) { return path.substr(0, path.find('/')); }

// So many are dealt with one after the other by one thread.
inline constexpr std::size_t pieces_in_batch = 32;

class FilesInMemory final : public TreeSource {
 public:
  explicit FilesInMemory(std::span<const TreeFile> files);
  std::string fault() const { return tree_fault(files_); }
  std::size_t pieces() const override { return begins_.size(); }
  std::string_view top(std::size_t piece) const override;
  std::vector<TreeFile> files(std::size_t piece) const override;

 private:
  std::vector<TreeFile> files_;      // sorted
  std::vector<std::size_t> begins_;  // of each piece
};

}  // namespace tunec
