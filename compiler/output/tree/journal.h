// The journal makes all changes of the output directory one step. It is a text in .tunec/, and not trusted,
// since an output directory may come from a repository.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tunec {

// Whether a file that begins with these bytes is ours. Without such a function, all files are.
using IsOurs = std::function<bool(std::string_view path, std::string_view first_bytes)>;
bool may_remove(int directory, std::string_view path, const IsOurs& is_ours);

// Paths below the output directory, in the order in which they are applied. After a crash they are applied
// again, so a change may already have been made.
struct TreeChanges {
  std::vector<std::string> removals;  // files
  std::vector<std::string> emptied;   // directories that are empty after the removals, inner ones first
  std::vector<std::string> renames;   // from the stage: files, and new directories as a whole
  std::vector<std::pair<unsigned, std::string>> modes;
  bool empty() const { return removals.empty() && emptied.empty() && renames.empty() && modes.empty(); }
  void add(TreeChanges more);  // of another subtree
};

// `root` and `state` are descriptors of the output directory and of .tunec in it. All throw TreeFault.
// `list`: the next .tunec/files, in parts; null if it stays. Once this has returned, the changes will be
// made, by this run or the next.
void write_journal(int state, const TreeChanges& changes, const std::vector<std::string_view>* list);
void apply_changes(int root, int state, const TreeChanges& changes);
// Completes a former run if it left a journal. Otherwise removes what it left.
void finish_former_run(int root, int state, const IsOurs& is_ours);
void discard_stage(int state);

}  // namespace tunec
