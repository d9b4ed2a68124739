// The hashes of a whole tree as one list, as `sha256sum --check` reads it. It is not part of the tree: in a
// review of the tree it would show each changed line a second time.
#pragma once

#include <string>

#include "output/tree/source.h"

namespace tunec {

std::string sums_of(const TreeSource& tree);

}  // namespace tunec
