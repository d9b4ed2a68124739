// What the parts of a rule that does not hold came to: "where `needed` = 72, `offered` = 56".
#pragma once

#include <string>

#include "plan/expr/evaluate.h"

namespace tunec {

// Empty if there is nothing to add to the settings, which are shown where they stand.
std::string explain_values(const ast::Expr& rule, Evaluator& evaluate, const Fleet& fleet);

}  // namespace tunec
