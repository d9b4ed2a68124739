// Parses a big file in pieces, on all processors.
#pragma once

#include <optional>
#include <vector>

#include "syntax/ast.h"
#include "syntax/session.h"

namespace tunec::syntax {

// Nothing, and nothing reported, if the text is too small for it or has a mistake of syntax somewhere: it
// must then be parsed as a whole. Otherwise, what that would give.
std::optional<std::vector<ast::Declaration>> parse_in_pieces(Session& session);

}  // namespace tunec::syntax
