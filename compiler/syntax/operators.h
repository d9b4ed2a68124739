// The operators: how tightly they bind (grammar/README.md has this table for people), and the tree that
// follows from that. The grammar reads an expression as a flat chain. print.cpp places parentheses by the
// same table.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "diagnostics/reporter.h"
#include "syntax/ast.h"

namespace tunec::syntax {

// BinaryOp has no entry for `..`, since a RangeExpr is a separate node.
struct Infix {
  std::optional<ast::BinaryOp> op;
  std::string_view text;
  int tightness;
  bool chains;  // a + b + c; comparisons and ranges do not
};
const Infix& infix(ast::BinaryOp op);
const Infix& range_infix();
const Infix* infix_of(std::string_view text);

constexpr int not_tightness = 3, minus_tightness = 9;

struct Operand {
  struct Prefix {
    ast::UnaryOp op;
    Span span;
  };
  std::vector<Prefix> prefixes;
  ast::Expr value;
};
struct Join {
  const Infix* infix;
  Span span;
};

// operands.size() == joins.size() + 1.
ast::Expr build_tree(std::vector<Operand> operands, const std::vector<Join>& joins, Reporter& reporter);

}  // namespace tunec::syntax
