// The functions that copy, destroy and compare nodes, compiled once.
#include "syntax/ast.h"

#include "base/out_of_line_definitions.h"

namespace tunec {

template struct OutOfLine<ast::ExprNode>;
template struct OutOfLine<ast::StatementNode>;
template struct OutOfLine<ast::DeclarationNode>;

}  // namespace tunec
