// One subtree: compared with the disk. Files that differ are written to the stage; everything else that has
// to change becomes the subtree's part of the journal. Subtrees may be staged in parallel.
#pragma once

#include <cstddef>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "output/tree/directory.h"
#include "output/tree/journal.h"
#include "output/tree/stat_cache.h"
#include "output/tree/writer.h"

namespace tunec {

// .tunec/stage, made when the first file is written to it.
class StagingDirectory {
 public:
  explicit StagingDirectory(int state) : state_(state) {}
  int root();  // its descriptor, until this ends

 private:
  int state_;
  std::once_flag made_;
  Fd root_;
};

// What all subtrees of one run have in common.
struct TreeRun {
  const std::string& output;  // the directory, for messages
  int root;                   // its descriptor
  mode_t umask;
  const TreeOptions& options;
  const StatCache& cache;
  StagingDirectory& stage;
};

struct SubtreeResult {
  TreeChanges changes;
  std::string lines;  // of .tunec/files, if they differ from the former ones
  bool relisted = false;
  std::size_t files = 0, written = 0, unchanged = 0;
  std::vector<FileRecord> records;  // of its files, if they differ from the former ones
  bool rerecorded = false;
  // Files whose inode is yet to change, as they are moved or given a mode
  std::vector<std::pair<std::size_t, std::string>> touched;
};

// What former runs left of a subtree: its lines of .tunec/files, and its records in the cache.
struct FormerSubtree {
  std::string_view lines;
  std::span<const FileRecord> records;
};

// Throws TreeFault.
SubtreeResult stage_subtree(const TreeRun& run, const FormerSubtree& former,
                            const std::vector<TreeFile>& files);
// Whether the records prove that all files of the subtree are unchanged.
bool is_unchanged(int root, const StatCache& cache, FormerSubtree former);
// After all changes: records again the files that they touched.
void record_touched(const TreeRun& run, SubtreeResult& result);

}  // namespace tunec
