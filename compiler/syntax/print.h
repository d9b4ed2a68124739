// A tree as canonical text; parsing the text gives the same tree. Comments are not part of the tree.
#pragma once

#include <string>

#include "syntax/ast.h"

namespace tunec {

std::string print(const ast::File& file);
std::string print(const ast::Expr& expr);

}  // namespace tunec
