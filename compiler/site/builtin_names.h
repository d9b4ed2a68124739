// The names that expressions may use beside a site's own: functions, and the names that a policy's scope
// offers. With them, a wrong name is found where it stands, even in a profile that no host includes.
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
  int least, most;           // arguments; most < 0: any number
  std::string_view summary;  // "clamp(value, lowest, highest)"
  bool of_test = false;      // tells what became of a test's hosts; only expectations can ask
  constexpr bool takes(std::size_t count) const {
    return count >= static_cast<std::size_t>(least) && (most < 0 || count <= static_cast<std::size_t>(most));
  }
};

std::span<const FunctionName> function_names();  // sorted
const FunctionName* function_named(std::string_view name);

// What a policy `for setting` can ask of a setting; sorted. plan/setting_fields.cpp answers.
std::span<const std::string_view> setting_fields();
// `tiny`, or "tiny" where it is no word: a name as it stands there. Nothing for what has to be computed.
std::optional<std::string> plain_name(const ast::Expr& expr);

}  // namespace tunec
