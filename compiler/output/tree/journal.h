// What makes the output directory's change one step: the journal. Text in .tunec/, read with distrust: an
// output directory may come from a repository.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tunec {

// Paths below the output directory. Carried out in this order, each at most once, and again after a crash:
// every one of them is fine to find already done.
struct TreeChanges {
  std::vector<std::string> removals;  // files
  std::vector<std::string> emptied;   // directories that then hold nothing, inner ones first
  std::vector<std::string> renames;   // from the stage: files, and new directories as a whole
  std::vector<std::pair<unsigned, std::string>> modes;
  bool empty() const { return removals.empty() && emptied.empty() && renames.empty() && modes.empty(); }
  void add(TreeChanges more);  // of another piece of the tree
};

// `root` and `state` are descriptors of the output directory and of .tunec in it. All throw TreeFault.
// The next index, in parts, if it is another, and the journal. When this returns, the changes will happen.
void write_journal(int state, const TreeChanges& changes, const std::vector<std::string_view>* index);
void carry_out(int root, int state, const TreeChanges& changes);
// Completes a former run if it left a journal; else throws away what it left.
void finish_former_run(int root, int state);
void discard_stage(int state);

}  // namespace tunec
