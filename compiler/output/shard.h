// A part of a fleet that one machine writes while other machines write the rest. The name of a host alone
// decides its shard, so that other programs can compute it: the first eight bytes of the name's SHA-256, as a
// number with the highest byte first, modulo the number of shards. Shard 1 has remainder 0, and the files of
// the site.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "render/render.h"
#include "site/fleet.h"

namespace tunec {

struct Shard {
  std::size_t number = 1, of = 1;
  bool holds(std::string_view host) const;
  std::string text() const;  // "3/8"
};
std::optional<Shard> shard_from(std::string_view text);

// The text of .tunec/shard: which shard, and a hash of the names of all hosts of the fleet. Shards with equal
// hashes belong together.
std::string shard_label(const Shard& shard, const Fleet& fleet);
// Removes the hosts and files that other shards write.
void keep_shard(RenderedFleet& rendered, const Shard& shard);

}  // namespace tunec
