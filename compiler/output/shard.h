// A part of a fleet that one machine writes while others write the rest. Which host is in which is a law: the
// first eight bytes of the SHA-256 of its name, as a number with the highest byte first, modulo the number of
// shards; shard 1 has those of remainder 0, and the files of the site.
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

// What .tunec/shard says: which shard, and a hash of the names of all hosts of the fleet, so that those that
// belong together are told.
std::string shard_label(const Shard& shard, const Fleet& fleet);
// Leaves what the shard writes.
void keep_shard(RenderedFleet& rendered, const Shard& shard);

}  // namespace tunec
