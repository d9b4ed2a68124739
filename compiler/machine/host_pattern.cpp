// Patterns are short and few, so matching is plain recursion over the pattern's pieces.
#include "machine/host_pattern.h"

#include <algorithm>
#include <cctype>
#include <cstdint>

#include <fmt/format.h>

namespace tunec {
namespace {

constexpr std::size_t max_hosts = 100'000;

struct Bracket {
  std::uint64_t first = 0, last = 0;
  std::size_t width = 0;   // digits of the first number
  std::size_t length = 0;  // characters of the whole bracket
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `[02..40]` at the beginning of `text`.
std::optional<Bracket> bracket_at(std::string_view text) {
  const std::size_t close = text.find(']');
  const std::size_t dots = text.find("..");
  if (text.empty() || text.front() != '[' || close == std::string_view::npos ||
      dots == std::string_view::npos || dots > close) {
    return std::nullopt;
  }
  const std::string_view first = text.substr(1, dots - 1), last = text.substr(dots + 2, close - dots - 2);
  const auto number = [](std::string_view digits) {
    return !digits.empty() && digits.size() <= 9 && std::ranges::all_of(digits, is_digit);
  };
  if (!number(first) || !number(last)) return std::nullopt;
  return Bracket{std::stoull(std::string(first)), std::stoull(std::string(last)), first.size(), close + 1};
}

std::optional<std::string> expand_into(std::string_view pattern, const std::string& so_far,
                                       std::vector<std::string>& names) {
  const std::size_t open = pattern.find('[');
  if (open == std::string_view::npos) {
    names.push_back(so_far + std::string(pattern));
    return std::nullopt;
  }
  const auto bracket = bracket_at(pattern.substr(open));
  if (!bracket) return "a bracket holds two numbers, as in [01..40]";
  if (bracket->last < bracket->first) return "the numbers in a bracket must rise";
  if (bracket->last - bracket->first >= max_hosts)
    return fmt::format("it names more than {} hosts", max_hosts);
  const std::string head = so_far + std::string(pattern.substr(0, open));
  for (std::uint64_t number = bracket->first; number <= bracket->last; ++number) {
    if (auto reason = expand_into(pattern.substr(open + bracket->length),
                                  fmt::format("{}{:0{}}", head, number, bracket->width), names)) {
      return reason;
    }
    if (names.size() > max_hosts) return fmt::format("it names more than {} hosts", max_hosts);
  }
  return std::nullopt;
}

}  // namespace

bool has_wildcard(std::string_view pattern) { return pattern.find('*') != std::string_view::npos; }

std::variant<std::vector<std::string>, BadPattern> expand_pattern(std::string_view pattern) {
  std::vector<std::string> names;
  if (auto reason = expand_into(pattern, "", names)) return BadPattern{*reason};
  for (const std::string& name : names) {
    if (!is_host_name(name)) return BadPattern{fmt::format("`{}` cannot be a host's name", name)};
  }
  return names;
}

bool matches_pattern(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern.front() == '*') {
    for (std::size_t skip = 0; skip <= name.size(); ++skip) {
      if (matches_pattern(pattern.substr(1), name.substr(skip))) return true;
    }
    return false;
  }
  if (const auto bracket = bracket_at(pattern)) {
    std::size_t digits = 0;
    while (digits < name.size() && digits < 9 && is_digit(name[digits])) ++digits;
    for (std::size_t width = digits; width >= bracket->width && width > 0; --width) {
      const std::uint64_t number = std::stoull(std::string(name.substr(0, width)));
      const bool spelled = fmt::format("{:0{}}", number, bracket->width).size() == width;
      if (spelled && number >= bracket->first && number <= bracket->last &&
          matches_pattern(pattern.substr(bracket->length), name.substr(width))) {
        return true;
      }
    }
    return false;
  }
  return !name.empty() && pattern.front() == name.front() &&
         matches_pattern(pattern.substr(1), name.substr(1));
}

bool is_host_name(std::string_view name) {
  const auto fits = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
  };
  return !name.empty() && name.size() <= 253 && name.front() != '.' && name.front() != '-' &&
         std::ranges::all_of(name, fits) && name != "site";
}

}  // namespace tunec
