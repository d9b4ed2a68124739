// A part of a fleet that one machine writes while other machines write the rest. Which shard holds a host
// follows from its name alone, so that other programs can compute it: the first eight bytes of the SHA-256 of
// the name, as a number with the highest byte first, modulo the number of shards. Shard 1 holds remainder 0,
// and the files of the site.
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
