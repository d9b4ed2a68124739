// The hashes of a whole tree as one list, as `sha256sum --check` reads it. Not a part of the tree: in a
// review of the tree, each changed line would show again in it.
#pragma once

#include <string>

#include "output/tree/source.h"

namespace tunec {

std::string sums_of(const TreeSource& tree);

}  // namespace tunec
