// Walks over the expressions within an expression.
#pragma once

#include <algorithm>

#include "base/overloaded.h"
#include "syntax/ast.h"

namespace tunec::ast {

// Whether `found` returns true for the expression or for one within it. It is called from the outside in, and
// no longer once it has returned true.
template <class Found>
bool any_within(const Expr& expr, const Found& found) {
  if (found(expr)) return true;
  const auto any = [&](const auto& items) {
    return std::ranges::any_of(items, [&](const auto& item) { return any_within(*item, found); });
  };
  return std::visit(overloaded{
                        [&](const Path& path) {
                          return std::ranges::any_of(path.parts, [&](const PathPart& part) {
                            return part.arguments &&
                                   std::ranges::any_of(*part.arguments, [&](const Argument& argument) {
                                     return any_within(*argument.value, found) ||
                                            (argument.where && any_within(**argument.where, found));
                                   });
                          });
                        },
                        [&](const Text& text) { return any(text.holes); },
                        [&](const ListExpr& list) { return any(list.items); },
                        [&](const RangeExpr& range) {
                          return any_within(*range.lowest, found) || any_within(*range.highest, found);
                        },
                        [&](const Unary& unary) { return any_within(*unary.operand, found); },
                        [&](const Binary& binary) {
                          return any_within(*binary.left, found) || any_within(*binary.right, found);
                        },
                        [](const auto&) { return false; },
                    },
                    expr.node);
}

}  // namespace tunec::ast
