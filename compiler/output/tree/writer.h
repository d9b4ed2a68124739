// The writer of the output directory: makes it hold the given files and nothing else of ours.
//
// Everything that changes is first written below .tunec/stage/ (same file system), then a journal says what
// will be moved into place and what removed, and only then is the tree touched. A run that dies before its
// journal has changed nothing, and one that dies after it is completed by the next run, before anything else.
// What is stored is not synced file by file: after a power cut a file may be empty, until the next run, which
// compares bytes, mends it.
//
// .tunec/files lists what we wrote (directories that we made end in /). Only that is ever removed; a file
// that stands in the way and is not listed is an error. Symbolic links below the output directory are neither
// followed nor replaced: every directory is opened from its parent, one name at a time, with O_NOFOLLOW.
//
// Whether a file is as it should be is seen from its bytes; with the cache, from what the system says of it,
// if that is enough (tree_cache.h). Then the directories that lead to it are not opened: one that was moved
// away and linked to from its old place goes unnoticed until something in it is to change.
//
// A tree comes in pieces, one for each name in the output directory (a host). They have no directory in
// common but that one, so they are compared and staged in parallel, and none needs to be in memory before its
// turn or after it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/sha256.h"

namespace tunec {

struct TreeFile {
  std::string path;  // relative to the output directory: "kvm-01/etc/sysctl.d/90-tunec.conf"
  std::shared_ptr<const std::string> content;  // null: see `make`
  unsigned mode = 0644;
  // Of the content, or of all that it is made from; may be unknown
  Fingerprint fingerprint{};
  std::function<std::string()> make{};  // the content, where that is made only if it is looked at
};

class TreeSource {
 public:
  virtual ~TreeSource() = default;
  virtual std::size_t pieces() const = 0;
  // The first name of all its paths; sorted, each once
  virtual std::string_view top(std::size_t piece) const = 0;
  // By path_less. Asked for from several threads, and as often as it is needed.
  virtual std::vector<TreeFile> files(std::size_t piece) const = 0;
};

struct TreeOptions {
  // Files that are not ours may be overwritten (never symbolic links or directories)
  bool force = false;
  bool cache = false;     // see tree_cache.h
  bool read_all = false;  // every file, whatever the cache says of it
  // Kept in .tunec/shard: its first word is the shard that the directory is for; empty for a whole tree
  std::string shard_label{};
};

struct TreeResult {
  std::size_t files = 0;
  std::size_t written = 0;  // or given another mode
  std::size_t unchanged = 0;
  std::size_t removed = 0;
  std::string error;  // "PATH: what is wrong"; empty if all went well
  Fingerprint left;   // tells this tree, as it was left, from any other; not known without a cache
};

TreeResult write_tree(const std::string& directory, const TreeSource& source, const TreeOptions& options);
// The number of files in a tree that a former run left, if the cache proves that all of them are unchanged
// since. `left` is that run's TreeResult::left. Writes nothing.
std::optional<std::size_t> files_as_left(const std::string& directory, const Fingerprint& left);
// The same as the first, of files that are in memory, in any order.
TreeResult write_tree(const std::string& directory, std::span<const TreeFile> files, bool force = false);

// By components: all that is in a directory stands together, right after a file of the directory's name.
bool path_less(std::string_view a, std::string_view b);
// What is wrong with a path of a tree ("has an empty part"); nullptr if nothing.
const char* path_fault(std::string_view path);

}  // namespace tunec
