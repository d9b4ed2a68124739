// Changes as a reviewer reads them: those that the same hosts get together are one block.
#pragma once

#include <string>
#include <vector>

#include "review/review.h"

namespace tunec {

struct BlockChange {
  // Of one parameter, for one reason. If there are several, each is another value on other hosts of the block
  std::vector<const Change*> variants;
  // "pool(gold)": all of it came or went, and the variants are its settings; else empty
  std::string collection{};
  std::size_t effect = 0;  // the strongest of the variants
  bool is_felt = false;    // one of them is

  const Change& first() const { return *variants.front(); }
  const std::string& name() const { return collection.empty() ? first().name : collection; }
  std::size_t settings() const;  // how many of the collection
};
struct Block {
  std::size_t effect = 0;   // the strongest of its changes
  bool is_felt = false;     // one of them is
  bool is_of_site = false;  // they stand in the site's files; the hosts only state them
  bool has_risk = false;
  bool is_odd = false;  // another block changes the same parameter to something else, on far more hosts
  std::vector<std::string> hosts;  // sorted
  std::vector<BlockChange> changes;
};

// What the strongest of its changes take, each once, in their order; nothing if they are live, or not felt.
std::vector<std::string_view> reasons_of(const Block& block);

// Odd hosts first, then by effect, the strongest first, then the larger block. `merged`: a parameter that
// gets a value of its own on each of many hosts is one change, and so is a whole collection.
std::vector<Block> blocks_of(const Review& review, bool merged);

}  // namespace tunec
