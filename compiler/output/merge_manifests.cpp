// See merge_index.h. Shards have no host in common, so that their pieces need only be put in order. A
// directory of the site's may be called as a host is: what is in it is joined line by line.
#include "output/merge_manifests.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <deque>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "output/shard.h"
#include "output/tree/directory.h"
#include "output/tree/file_list.h"
#include "output/tree/writer.h"

namespace tunec {
namespace {

struct Part {
  IndexPiece piece;
  const ShardManifest* shard = nullptr;
};

// Empty, or why these are not all shards of one fleet.
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
    const ShardManifest*& known = by_number[shard->number - 1];
    if (known != nullptr)
      return fmt::format("{}: is shard {}, as {} is", manifest.where, shard->text(), known->where);
    known = &manifest;
  }
  const auto missing = std::ranges::find(by_number, nullptr);
  if (missing != by_number.end())
    return fmt::format("shard {}/{} is missing", missing - by_number.begin() + 1, by_number.size());
  return {};
}

std::string joined(std::span<const Part> parts) {
  std::vector<std::string_view> files, directories;
  for (const Part& part : parts) {
    const IndexEntries entries(part.piece.lines);
    files.insert(files.end(), entries.files.begin(), entries.files.end());
    directories.insert(directories.end(), entries.directories.begin(), entries.directories.end());
  }
  std::ranges::sort(files, path_less);
  std::ranges::sort(directories, path_less);
  const auto twice = std::ranges::adjacent_find(files);
  if (twice != files.end())
    tree_fault_at(*twice, fmt::format("was written by {} and by {}", parts.front().shard->where,
                                      parts[1].shard->where));
  const auto rest = std::ranges::unique(directories);
  directories.erase(rest.begin(), rest.end());
  return index_lines(files, directories);
}

}  // namespace

MergedManifest merge_manifests(std::span<const ShardManifest> shards) {
  MergedManifest result;
  result.error = fault_of(shards);
  if (!result.error.empty()) return result;
  std::deque<TreeIndex> indexes;  // the parts point into them
  std::vector<Part> parts;
  for (const ShardManifest& shard : shards) {
    for (const IndexPiece& piece : indexes.emplace_back(shard.lines).pieces())
      parts.push_back({piece, &shard});
  }
  std::ranges::stable_sort(parts, {}, [](const Part& part) { return part.piece.top; });
  try {
    for (auto part = parts.begin(); part != parts.end();) {
      const auto end = std::find_if(part, parts.end(),
                                    [&](const Part& other) { return other.piece.top != part->piece.top; });
      result.lines += joined({part, end});
      part = end;
    }
  } catch (const TreeFault& fault) {
    result = {{}, fault.text};
  }
  return result;
}

std::string write_manifest(const std::string& path, const std::string& lines) {
  const std::string part = path + ".part";
  ::unlink(part.c_str());  // what a run that died left
  try {
    write_file(AT_FDCWD, part.c_str(), {{lines}}, part);
    if (::rename(part.c_str(), path.c_str()) != 0) tree_fault_errno(path, errno);
  } catch (const TreeFault& fault) {
    ::unlink(part.c_str());
    return fault.text;
  }
  return {};
}

}  // namespace tunec
