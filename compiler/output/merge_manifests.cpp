// Shards have no host in common, so their subtrees only have to be sorted. A directory of the site may have a
// host's name: such subtrees are joined line by line.
#include "output/merge_manifests.h"

#include <algorithm>
#include <deque>
#include <vector>

#include <fmt/format.h>

#include "output/shard.h"
#include "output/tree/directory.h"
#include "output/tree/file_list.h"
#include "output/tree/paths.h"

namespace tunec {
namespace {

struct Part {
  ListedSubtree subtree;
  const ShardManifest* shard = nullptr;
};

// Why these are not all shards of one fleet; empty if they are.
std::string fault_of(std::span<const ShardManifest> shards) {
  std::vector<const ShardManifest*> by_number;
  std::string_view fleet;
  for (const ShardManifest& manifest : shards) {
    const std::string_view label = manifest.label;
    const std::size_t blank = std::min(label.find(' '), label.size());
    const auto shard = shard_from(label.substr(0, blank));
    if (!shard) return fmt::format("{}: is no shard's: it was not written with --shard", manifest.where);
    by_number.resize(std::max(by_number.size(), shard->of));
    if (fleet.empty()) fleet = label.substr(blank);
    if (by_number.size() != shard->of)
      return fmt::format("{}: is shard {}, and another is one of {}", manifest.where, shard->text(),
                         by_number.size());
    if (fleet != label.substr(blank))
      return fmt::format("{}: is shard {} of another fleet: the names of its hosts differ from those of {}",
                         manifest.where, shard->text(), shards.front().where);
    const ShardManifest*& same = by_number[shard->number - 1];
    if (same != nullptr)
      return fmt::format("{}: is shard {}, as {} is", manifest.where, shard->text(), same->where);
    same = &manifest;
  }
  const auto missing = std::ranges::find(by_number, nullptr);
  if (missing != by_number.end())
    return fmt::format("shard {}/{} is missing", missing - by_number.begin() + 1, by_number.size());
  return {};
}

std::string joined(std::span<const Part> parts) {
  std::vector<std::string_view> files, directories;
  for (const Part& part : parts) {
    const ListedPaths paths(part.subtree.lines);
    files.insert(files.end(), paths.files.begin(), paths.files.end());
    directories.insert(directories.end(), paths.directories.begin(), paths.directories.end());
  }
  std::ranges::sort(files, path_less);
  std::ranges::sort(directories, path_less);
  const auto twice = std::ranges::adjacent_find(files);
  if (twice != files.end())
    tree_fault_at(*twice, fmt::format("was written by {} and by {}", parts.front().shard->where,
                                      parts[1].shard->where));
  const auto rest = std::ranges::unique(directories);
  directories.erase(rest.begin(), rest.end());
  return list_lines(files, directories);
}

}  // namespace

MergedManifest merge_manifests(std::span<const ShardManifest> shards) {
  MergedManifest result;
  result.error = fault_of(shards);
  if (!result.error.empty()) return result;
  std::deque<FileList> lists;  // the parts point into them
  std::vector<Part> parts;
  for (const ShardManifest& shard : shards) {
    for (const ListedSubtree& subtree : lists.emplace_back(shard.lines).subtrees())
      parts.push_back({subtree, &shard});
  }
  std::ranges::stable_sort(parts, {}, [](const Part& part) { return part.subtree.top; });
  try {
    for (auto part = parts.begin(); part != parts.end();) {
      const auto end = std::find_if(
          part, parts.end(), [&](const Part& other) { return other.subtree.top != part->subtree.top; });
      result.lines += joined({part, end});
      part = end;
    }
  } catch (const TreeFault& fault) {
    result = {{}, fault.text};
  }
  return result;
}

}  // namespace tunec
