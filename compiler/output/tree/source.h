// Where a tree's files come from. A tree consists of subtrees, one for each name in the output directory (a
// host, or `site`). Writers of trees and archives request one subtree after the other, from several threads,
// so that only a few are in memory at once.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "output/tree/fingerprint.h"

namespace tunec {

struct TreeFile {
  std::string path;  // relative to the output directory: "kvm-01/etc/sysctl.d/90-tunec.conf"
  std::shared_ptr<const std::string> content;  // null: see `make`
  unsigned mode = 0644;
  // Of the content, or of everything that it is made from; may be unknown
  Fingerprint fingerprint{};
  std::function<std::string()> make{};  // makes the content, called only if it is needed
};

class TreeSource {
 public:
  virtual ~TreeSource() = default;
  virtual std::size_t subtrees() const = 0;
  // The first part of all its paths; sorted, each once
  virtual std::string_view top(std::size_t subtree) const = 0;
  // By path_less. May be called from several threads, and more than once for a subtree.
  virtual std::vector<TreeFile> files(std::size_t subtree) const = 0;
};

// Why such files, sorted by path_less, cannot form one tree ("PATH: …"): a path contains `..` or occurs
// twice, or is both a file and a directory. Empty if they can.
std::string tree_fault(std::span<const TreeFile> sorted);
// The file's content; makes it if necessary.
std::shared_ptr<const std::string> content_of(const TreeFile& file);

// The number of subtrees that a thread takes at once.
inline constexpr std::size_t subtrees_in_batch = 32;

class FilesInMemory final : public TreeSource {
 public:
  explicit FilesInMemory(std::span<const TreeFile> files);  // in any order
  std::string fault() const { return tree_fault(files_); }
  std::size_t subtrees() const override { return begins_.size(); }
  std::string_view top(std::size_t subtree) const override;
  std::vector<TreeFile> files(std::size_t subtree) const override;

 private:
  std::vector<TreeFile> files_;      // sorted
  std::vector<std::size_t> begins_;  // of each subtree
};

}  // namespace tunec
