// The lists of what shards wrote, joined into the one that a whole run would have written.
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

// All shards of one fleet, in any order; that one is missing, given twice, of another fleet, or has a file of
// another's is an error.
MergedManifest merge_manifests(std::span<const ShardManifest> shards);
// To a file, which is replaced only when all is written. What went wrong, or nothing.
std::string write_manifest(const std::string& path, const std::string& lines);

}  // namespace tunec
