// Joins the lists of files that shards wrote (.tunec/files) into the list that one run of the whole fleet
// would have written.
#pragma once

#include <span>
#include <string>

namespace tunec {

struct ShardManifest {
  std::string where;  // "out/3", for messages
  std::string label;  // .tunec/shard
  std::string lines;  // .tunec/files
};

struct MergedManifest {
  std::string lines;
  std::string error;  // empty if all went well
};

// Takes all shards of one fleet, in any order. It is an error if a shard is missing, is given twice or
// belongs to another fleet, or if two shards wrote the same file.
MergedManifest merge_manifests(std::span<const ShardManifest> shards);

}  // namespace tunec
