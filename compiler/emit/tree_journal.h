// What makes the output directory's change one step: the journal, and the index of what is ours. Both are text in
// .tunec/, and both are read with distrust: an output directory may come from a repository.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tunec {

// Paths below the output directory. Carried out in this order, each at most once, and again after a crash: every
// one of them is fine to find already done.
struct TreeChanges {
  std::vector<std::string> removals;  // files
  std::vector<std::string> emptied;   // directories that then hold nothing, inner ones first
  std::vector<std::string> renames;   // from the stage: files, and new directories as a whole
  std::vector<std::pair<unsigned, std::string>> modes;
  bool empty() const { return removals.empty() && emptied.empty() && renames.empty() && modes.empty(); }
};

struct TreeIndex {
  std::vector<std::string> files;        // by path_less
  std::vector<std::string> directories;  // the ones that we made, by path_less, without the / at the end
  std::string text() const;              // one path a line
};

// `root` and `state` are descriptors of the output directory and of .tunec in it. All throw TreeFault.
TreeIndex read_index(int state);
// The next index and the journal. When this returns, the changes will happen.
void write_journal(int state, const TreeChanges& changes, const TreeIndex& index);
void carry_out(int root, int state, const TreeChanges& changes);
// Completes a former run if it left a journal; else throws away what it left.
void finish_former_run(int root, int state);
void discard_stage(int state);

}  // namespace tunec
