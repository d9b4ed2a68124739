// What the writer remembers of the files that it left, in .tunec/cache/: where the system says that one is
// the same file, unchanged since, and its bytes would be what they were, it is neither read nor made. Nothing
// that is written depends on it: it may be removed at any time, is ignored when it is damaged, of another
// program or of another file system, and no failure to write it is one of the run.
//
// A file's times are those of the system's clock, which ticks a few hundred times a second: a file that was
// changed in the very tick in which the cache was written may have been changed once more, and is read (git
// does the same with its index).
//
// It is of one list of our files (.tunec/files), and of nothing where that is another.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/stat.h>

#include "base/sha256.h"

namespace tunec {

struct FileRecord {
  std::uint64_t inode = 0, size = 0;
  std::int64_t changed = 0, modified = 0;  // nanoseconds, of the inode and of the bytes
  Fingerprint fingerprint{};               // of what its bytes are made from
  bool operator==(const FileRecord&) const = default;
  bool same_bytes(const FileRecord& other) const {
    return inode == other.inode && size == other.size && modified == other.modified;
  }
};
FileRecord record_of(const struct stat& status, const Fingerprint& fingerprint);

// Of one piece of the tree, in the order of its files.
struct PieceRecords {
  std::string_view top;
  std::span<const FileRecord> files;
};

class TreeCache {
 public:
  TreeCache() = default;          // of nothing
  explicit TreeCache(int state);  // a descriptor of .tunec
  TreeCache(TreeCache&&) = delete;
  std::span<const PieceRecords> pieces() const { return pieces_; }  // by name
  const Fingerprint& sum() const { return sum_; }                   // of all it says; not known of nothing
  const Fingerprint& index() const { return index_; }               // of the list that it is of
  void clear();
  std::span<const FileRecord> of(std::string_view top) const;
  // Whether a file is the one that was recorded, and certainly not changed since.
  bool holds(const FileRecord& record, const struct stat& status) const;

 private:
  void read(std::string_view text, std::uint64_t device);
  std::uint64_t device_ = 0;
  std::int64_t written_ = 0;
  std::string names_;
  std::vector<FileRecord> records_;
  std::vector<PieceRecords> pieces_;
  Fingerprint sum_, index_;
};

// Its sum, once it is written.
Fingerprint write_cache(int state, const Fingerprint& index, std::span<const PieceRecords> pieces);

}  // namespace tunec
