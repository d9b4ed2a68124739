// The values of the parts of a rule that does not hold: "where `needed` = 72, `offered` = 56".
#pragma once

#include <string>

#include "plan/expr/evaluate.h"

namespace tunec {

// Empty if the rule reads settings alone: the diagnostic shows those at their places.
std::string explain_values(const ast::Expr& rule, Evaluator& evaluate, const Fleet& fleet);

}  // namespace tunec
