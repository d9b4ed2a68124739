// Changes as a reviewer reads them: those that the same hosts get together are one block.
#pragma once

#include <string>
#include <vector>

#include "review/review.h"

namespace tunec {

struct BlockChange {
  const Change* change;
  std::size_t variants = 1;  // so many different values: `change` is the first of them
};
struct Block {
  std::size_t effect = 0;  // the strongest of its changes
  bool is_felt = false;    // one of them is
  bool has_risk = false;
  bool is_odd = false;  // another block changes the same parameter to something else, on far more hosts
  std::vector<std::string> hosts;  // sorted
  std::vector<BlockChange> changes;
};

// Odd hosts first, then by effect, the strongest first, then the larger block. `merged`: a parameter that
// gets a value of its own on each of many hosts is one change.
std::vector<Block> blocks_of(const Review& review, bool merged);

}  // namespace tunec
