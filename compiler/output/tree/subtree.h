// Compares one subtree with the disk. Files that differ are written to the stage. All other changes become
// the subtree's part of the journal. Subtrees may be staged in parallel.
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
  int root();  // its descriptor, valid as long as this object

 private:
  int state_;
  std::once_flag made_;
  Fd root_;
};

// What all subtrees of one run share.
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
  // Files whose inode will still change, since they are moved or get a mode
  std::vector<std::pair<std::size_t, std::string>> touched;
};

// What former runs left for a subtree: its lines of .tunec/files, and its records in the cache.
struct FormerSubtree {
  std::string_view lines;
  std::span<const FileRecord> records;
};

// Throws TreeFault.
SubtreeResult stage_subtree(const TreeRun& run, const FormerSubtree& former,
                            const std::vector<TreeFile>& files);
// Whether the records prove that all files of the subtree are unchanged.
bool is_unchanged(int root, const StatCache& cache, FormerSubtree former);
// Called after all changes: records the changed files again.
void record_touched(const TreeRun& run, SubtreeResult& result);

}  // namespace tunec
