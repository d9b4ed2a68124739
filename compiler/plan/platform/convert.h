// Converts a value to its parameter's type: applies units, checks words and ranges. A value that does not fit
// is reported once, at the place that gave it, and nothing is returned. Reads the platform alone of a host.
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
  std::span<const std::string_view> hosts;  // to name where the value does not fit
  const ast::Expr* written = nullptr;       // what the value was computed from, if that was an expression
};

std::optional<Value> convert(const Assigned& to, const Value& value, Reporter& reporter);
// "a size in KiB", "on or off", "one of none, bfq".
std::string described(const ParamInfo& param);
// What a guide leaves for its reader to fill in: X-Y, <server-ip>, GPU-1234567890abcdef.
bool is_placeholder(std::string_view text);
// A switch that the kernel keeps as a number without a bound at 1: what is not 0 is on.
bool counts_as_on(const ParamInfo& param, const Value& value);
// A CPU set, from itself, a number, a range of numbers, or a list of these.
std::optional<CpuSet> as_cpus(const Value& value);

}  // namespace tunec
