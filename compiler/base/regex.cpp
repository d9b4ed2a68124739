// See regex.h; the only user of RE2.
#include "base/regex.h"

#include <memory>
#include <stdexcept>
#include <unordered_map>

#include <fmt/core.h>
#include <re2/re2.h>

namespace tunec {
namespace {

// Bounds the size of a compiled expression, and with it the time: RE2 needs at most (instructions * bytes of
// text) steps, and this is room for some 5,000 instructions. The longest shipped expression has 768.
constexpr std::int64_t max_memory = 1 << 18;
constexpr std::size_t max_expression = 4096;  // bytes; nobody could read a longer expression

RE2::Options options() {
  RE2::Options options(RE2::Latin1);  // bytes: a bound such as {0,127} is the size of a kernel's buffer
  options.set_max_mem(max_memory);
  options.set_log_errors(false);
  options.set_never_capture(true);
  return options;
}

std::string reason(const RE2& compiled) {
  const std::string& part = compiled.error_arg();
  switch (compiled.error_code()) {
    case RE2::ErrorBadEscape: return fmt::format("`{}` is no escape of an expression", part);
    case RE2::ErrorBadCharClass: return fmt::format("`{}` is no class of characters", part);
    case RE2::ErrorBadCharRange: return fmt::format("`{}` is no range or class of characters", part);
    case RE2::ErrorMissingBracket: return fmt::format("`{}` has no closing `]`", part);
    case RE2::ErrorMissingParen: return "a `(` has no closing `)`";
    case RE2::ErrorUnexpectedParen: return "a `)` has no opening `(`";
    case RE2::ErrorTrailingBackslash: return "it ends in a single backslash";
    case RE2::ErrorRepeatArgument: return fmt::format("there is nothing that `{}` could repeat", part);
    case RE2::ErrorRepeatSize: return fmt::format("`{}` repeats more than 1000 times", part);
    case RE2::ErrorRepeatOp: return fmt::format("`{}` repeats what is repeated already", part);
    case RE2::ErrorBadPerlOp: return fmt::format("`{}` does not exist: RE2 has no lookaround", part);
    case RE2::ErrorBadNamedCapture: return fmt::format("`{}` is no name of a group", part);
    case RE2::ErrorPatternTooLarge: return "it needs too much memory: let it repeat less";
    default: return compiled.error();
  }
}

}  // namespace

std::optional<std::string> regex_fault(std::string_view expression) {
  if (expression.size() > max_expression)
    return fmt::format("it has {} bytes, of at most {}", expression.size(), max_expression);
  const RE2 compiled(re2::StringPiece(expression.data(), expression.size()), options());
  return compiled.ok() ? std::nullopt : std::optional(reason(compiled));
}

bool fits_regex(std::string_view text, const std::string& expression) {
  static thread_local std::unordered_map<std::string, std::unique_ptr<RE2>> cache;
  std::unique_ptr<RE2>& compiled = cache[expression];
  if (compiled == nullptr) compiled = std::make_unique<RE2>(expression, options());
  if (!compiled->ok()) throw std::logic_error("an expression with a fault: " + expression);
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), *compiled);
}

}  // namespace tunec
