// catalogue.def as constants: reporter.report() takes diag::value_out_of_range. The build fails here if a
// message's placeholders do not fit its argument types, in number or in kind.
#pragma once

#include <string>
#include <string_view>

#include "diagnostics/reporter.h"

namespace tunec::diag {

namespace check {

// fmt refuses a placeholder without an argument, but not an argument without a placeholder.
consteval std::size_t placeholders(std::string_view message) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < message.size(); ++at) {
    if (message[at] != '{') continue;
    if (at + 1 < message.size() && message[at + 1] == '{') {
      ++at;
    } else {
      ++count;
    }
  }
  return count;
}

template <class... Args>
consteval bool fits(fmt::format_string<Args...> /*checked by being made*/, std::string_view message) {
  return placeholders(message) == sizeof...(Args);
}

}  // namespace check

#define TUNEC_DIAG(name, code, severity, message, help, ...)                                             \
  static_assert(check::fits<__VA_ARGS__>(message, message), code ": placeholders and arguments differ"); \
  namespace info {                                                                                       \
  inline constexpr DiagInfo name{#name, code, Severity::severity, message, help};                        \
  }                                                                                                      \
  inline constexpr Diag<__VA_ARGS__> name{&info::name};
#include "diagnostics/catalogue.def"
#undef TUNEC_DIAG

}  // namespace tunec::diag
