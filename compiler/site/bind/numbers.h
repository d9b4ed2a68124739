// Numbers that policies read and that hosts may set: `let hugepage_bounds default 2GiB..16GiB`.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "catalogue/param.h"
#include "diagnostics/reporter.h"
#include "site/fleet.h"

namespace tunec {

// The type that a host's value must have: the kind of the default. If the default is not a plain value,
// reports that and returns nothing.
std::optional<ParamInfo> number_declared_by(const ast::Let& let, Reporter& reporter);

std::vector<std::string_view> names_of_numbers(const Fleet& fleet);

}  // namespace tunec
