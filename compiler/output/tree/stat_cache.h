// What the writer knows about the tree that it left, in .tunec/cache/files. For each file it contains what
// the system reports (inode, size, times), and a fingerprint of what the file is made from. It also contains
// the inputs of the run. If a file's record is unchanged and the next tree has the same fingerprint, the file
// is neither read nor made.
//
// The cache is an optimisation only: nothing that is written depends on it. It may be removed at any time. It
// is ignored if it is damaged, or belongs to another program, another file system or another list of files
// (.tunec/files). Failing to write it does not fail the run.
//
// A file's times come from a clock that ticks a few hundred times a second. If a file was changed in the tick
// in which the cache was written, it may have been changed once more afterwards. Such a file is read (git
// does the same with its index). Tests: emit_tree_cache_test.cpp, cache_laws_test.cpp
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <sys/stat.h>

#include "output/tree/fingerprint.h"

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

// The records of one subtree, in the order of its files.
struct SubtreeRecords {
  std::string_view top;
  std::span<const FileRecord> files;
};

class StatCache {
 public:
  StatCache() = default;          // empty
  explicit StatCache(int state);  // a descriptor of .tunec; empty if there is no valid cache
  StatCache(StatCache&&) = delete;
  bool valid() const { return valid_; }
  void clear();
  const Fingerprint& list() const { return list_; }    // of the .tunec/files that it belongs to
  std::string_view inputs() const { return inputs_; }  // see TreeOptions::inputs
  std::span<const SubtreeRecords> subtrees() const { return subtrees_; }  // by top
  std::span<const FileRecord> of(std::string_view top) const;
  // Whether a file is certainly the recorded one, unchanged.
  bool holds(const FileRecord& record, const struct stat& status) const;

 private:
  bool read(std::uint64_t device);
  bool valid_ = false;
  std::uint64_t device_ = 0;
  std::int64_t written_ = 0;
  std::string bytes_;  // the views below point into it
  std::string_view inputs_;
  std::vector<FileRecord> records_;
  std::vector<SubtreeRecords> subtrees_;
  Fingerprint list_;
};

void write_stat_cache(int state, const Fingerprint& list, std::string_view inputs,
                      std::span<const SubtreeRecords> subtrees);

// cache/stamp, empty and of the given time. Throws TreeFault.
void write_cache_stamp(int state, const timespec& time);

}  // namespace tunec
