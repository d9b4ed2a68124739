// The writer of the output directory: makes it hold the given files, and no other files of ours.
//
// First, everything that changes is written below .tunec/stage/ (on the same file system). Then a journal
// lists what will be moved into place and what will be removed. Only then is the tree changed. A run that
// dies before its journal is complete has changed nothing. If it dies later, the next run completes the
// journal before anything else. Single files are not synced: after a power cut a file may be empty, until the
// next run compares bytes and repairs it.
//
// .tunec/files lists the files that we wrote (directories that we made end in /). Only files on that list are
// ever removed. If a file that is not on the list is in the way, that is an error. Symbolic links below the
// output directory are neither followed nor replaced: every directory is opened from its parent, one name at
// a time, with O_NOFOLLOW.
//
// A file is up to date if its bytes are. With the cache, its inode, size and times are enough where they
// prove this (stat_cache.h). In that case the directories that lead to it are not opened. If one of them was
// moved away and replaced by a link to its new place, we notice this only when something in it changes.
//
// Subtrees have only the output directory in common, so they are compared and staged in parallel.
#pragma once

#include <cstddef>
#include <ctime>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "output/tree/journal.h"
#include "output/tree/source.h"

namespace tunec {

struct TreeOptions {
  // Files that are not ours may be overwritten (never symbolic links or directories)
  bool force = false;
  bool cache = false;     // see stat_cache.h
  bool read_all = false;  // every file, whatever the cache contains
  // Decides by its first bytes whether an unwanted file that .tunec/files lists may be removed. The list may
  // come from a repository, and name somebody else's file. Without this function, all may be removed
  IsOurs is_ours{};
  // Stored in .tunec/shard: its first word is the shard that the directory is for; empty for a whole tree
  std::string shard_label{};
  // Stored in .tunec/site: only --force replaces the files of another site
  std::string site{};
  // Everything that the tree is made from, in the caller's format; stored in the cache for unchanged_files().
  // Empty: the next run must not be skipped
  std::string inputs{};
};

struct TreeResult {
  std::size_t files = 0;
  std::size_t written = 0;  // or given another mode
  std::size_t unchanged = 0;
  std::size_t removed = 0;
  std::string error;  // "PATH: what is wrong"; empty if all went well
};

TreeResult write_tree(const std::string& directory, const TreeSource& source, const TreeOptions& options);
// The same for files in memory, in any order.
TreeResult write_tree(const std::string& directory, std::span<const TreeFile> files, bool force = false);

// Gives DIRECTORY/.tunec/cache/stamp the time at which the run began, for make and ninja: a tree has no other
// file that every run changes. Returns an error, or an empty text.
std::string write_stamp(const std::string& directory, const timespec& began);

// The number of files in a tree, if two conditions hold: its inputs (those of the last run, never empty) are
// `still_valid`, and the cache proves that all files are unchanged since that run. Writes nothing.
std::optional<std::size_t> unchanged_files(const std::string& directory,
                                           const std::function<bool(std::string_view inputs)>& still_valid);

}  // namespace tunec
