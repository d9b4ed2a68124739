// One piece of a tree: compared with what stands on the disk, what differs written to the stage, the rest
// promised in the piece's part of the journal. Pieces may be dealt with in parallel.
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
class Stage {
 public:
  explicit Stage(int state) : state_(state) {}
  int root();  // its descriptor, until this ends

 private:
  int state_;
  std::once_flag made_;
  Fd root_;
};

// What all pieces of one run have in common.
struct TreeRun {
  const std::string& output;  // the directory, for messages
  int root;                   // its descriptor
  mode_t umask;
  TreeOptions options;
  const TreeCache& cache;
  Stage& stage;
};

struct PieceResult {
  TreeChanges changes;
  std::string index;  // its lines, if they are others than before
  bool reindexed = false;
  std::size_t files = 0, written = 0, unchanged = 0;
  std::vector<FileRecord> records;  // of its files, if they are others than before
  bool rerecorded = false;
  // Files whose inode is yet to change, as they are moved or given a mode
  std::vector<std::pair<std::size_t, std::string>> touched;
};

// What is known of a piece from former runs: its lines of the index, and what the cache holds.
struct FormerPiece {
  std::string_view lines;
  std::span<const FileRecord> records;
};

// Throws TreeFault.
PieceResult stage_piece(const TreeRun& run, const FormerPiece& former, const std::vector<TreeFile>& files);
// Whether all its files are known to be those that were left.
bool is_as_left(int root, const TreeCache& cache, FormerPiece former);
// When all changes are done: looks again at what they touched.
void record_touched(const TreeRun& run, PieceResult& result);

}  // namespace tunec
