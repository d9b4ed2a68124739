// Numbers that policies read and hosts may have of their own: `let hugepage_bounds default 2GiB..16GiB`.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "catalogue/param.h"
#include "diagnostics/reporter.h"
#include "site/fleet.h"

namespace tunec {

// What a host's value for it has to be: of the kind of the default. Nothing if the default is no plain value,
// which is reported.
std::optional<ParamInfo> number_declared_by(const ast::Let& let, Reporter& reporter);

std::vector<std::string_view> names_of_numbers(const Fleet& fleet);

}  // namespace tunec
