// How the words of a declaration join.
#pragma once

#include "format/words.h"
#include "syntax/cst.h"

namespace tunec::format {

// `tree` is the whole tree of one declaration, which begins with word `first`.
void place_joints(Words& words, const syntax::Cst& tree, std::uint32_t first);

}  // namespace tunec::format
