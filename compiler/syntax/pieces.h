// Parses a big file in pieces, on all processors.
#pragma once

#include <optional>
#include <vector>

#include "syntax/ast.h"
#include "syntax/session.h"

namespace tunec::syntax {

// If the text is too small, or has a mistake of syntax, returns and reports nothing: the caller must parse it
// as a whole. Otherwise, returns what that would give.
std::optional<std::vector<ast::Declaration>> parse_in_pieces(Session& session);

}  // namespace tunec::syntax
