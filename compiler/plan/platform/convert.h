// Converts a value to its parameter's type: applies units, checks words and ranges. A value that does not fit
// is reported once, at the place that gave it, and nothing is returned. Of a host, only the platform is read.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "catalogue/param.h"
#include "diagnostics/reporter.h"
#include "machine/platform.h"
#include "syntax/ast.h"

namespace tunec {

struct Assigned {
  const ParamInfo& param;
  const std::string& name;  // with instances
  Span where;
  const Platform& platform;
  std::span<const std::string_view> hosts;  // named if the value does not fit
  const ast::Expr* written = nullptr;       // the expression that gave the value, if there was one
};

std::optional<Value> convert(const Assigned& to, const Value& value, Reporter& reporter);
// "a size in KiB", "on or off", "one of none, bfq".
std::string described(const ParamInfo& param);
// A placeholder that a guide's reader has to fill in: X-Y, <server-ip>, GPU-1234567890abcdef.
bool is_placeholder(std::string_view text);
// Whether a switch is on that the kernel keeps as a number with no upper bound of 1: any value but 0 is on.
bool counts_as_on(const ParamInfo& param, const Value& value);
// A CPU set from a CPU set, a number, a range of numbers, or a list of these.
std::optional<CpuSet> as_cpus(const Value& value);

}  // namespace tunec
