// The names that expressions may use besides a site's own: functions, and the names that a policy's scope
// offers. With these, a wrong name is found where it stands, even in a profile that no host includes.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "syntax/ast.h"

namespace tunec {

struct FunctionName {
  std::string_view name;
  int least, most;           // number of arguments; most < 0: any number
  std::string_view summary;  // "clamp(value, lowest, highest)"
  bool of_test = false;      // returns what became of a test's hosts; only expectations can call it
  constexpr bool takes(std::size_t count) const {
    return count >= static_cast<std::size_t>(least) && (most < 0 || count <= static_cast<std::size_t>(most));
  }
};

std::span<const FunctionName> function_names();  // sorted
const FunctionName* function_named(std::string_view name);

// The fields of a setting in a policy `for setting`, sorted. plan/expr/setting_fields.cpp returns their
// values.
std::span<const std::string_view> setting_fields();
// `tiny`, or "tiny" if it is not a word: a name, taken literally. Nothing for an expression that has to be
// computed.
std::optional<std::string> plain_name(const ast::Expr& expr);

}  // namespace tunec
