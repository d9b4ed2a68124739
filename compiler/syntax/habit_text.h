// Private to habits.cpp: what the author of an invalid value probably meant.
#pragma once

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/value.h"

namespace tunec::syntax {

inline std::string shown(std::string_view text) {
  constexpr std::size_t max_shown = 40;
  std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
  const bool whole = end == text.size() && end <= max_shown;
  end = std::min(end, max_shown);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return fmt::format("`{}{}`", text.substr(0, end), whole ? "" : "…");
}

// "kvm-01", with its quotes, if it has only letters, digits and the characters of host patterns and dotted
// names.
inline bool is_plain_name(std::string_view quoted) {
  if (quoted.size() < 3 || quoted.front() != '"' || quoted.back() != '"') return false;
  return std::ranges::all_of(quoted.substr(1, quoted.size() - 2), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("_-.*[]").find(c) != std::string_view::npos;
  });
}

inline bool is_number_like(std::string_view item) {
  return !item.empty() && item.front() >= '0' && item.front() <= '9' && std::ranges::all_of(item, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '%';
  });
}
// 4-7, the CPUs 4..7
inline bool is_dash_range(std::string_view item) {
  const std::size_t dash = item.find('-');
  const auto number = [](std::string_view text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  };
  return dash != std::string_view::npos && number(item.substr(0, dash)) && number(item.substr(dash + 1));
}
inline bool is_word_like(std::string_view item) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !item.empty() && letter(item.front()) && item.back() != '-' &&
         std::ranges::all_of(item, [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-'; });
}

// conf("eth0.100").rp_filter for conf.eth0.100.rp_filter, conf.eth0/100.rp_filter and
// conf/eth0.100/rp_filter; conf("*").rp_filter for conf.*.rp_filter. The name of the instance is a part with
// a star, or a part and the numbers that follow it. Empty if there is none.
inline std::string with_instance(std::string_view written) {
  std::string path(written);
  const std::size_t first = path.find_first_of("./");
  const bool has_slashes = first != std::string::npos && path[first] == '/';
  for (char& c : path) {
    if (has_slashes && (c == '/' || c == '.')) c = c == '/' ? '.' : '/';
  }
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  const auto is_number = [](std::string_view part) {
    return !part.empty() && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  const auto is_instance = [&](const std::string& part) {
    const std::size_t slash = part.find('/');
    return part.find('*') != std::string::npos ||
           (slash != std::string::npos && is_number(std::string_view(part).substr(slash + 1)));
  };
  for (std::size_t i = 1; i + 1 < parts.size(); ++i) {
    std::size_t end = i + 1;
    while (end < parts.size() && is_number(parts[end])) ++end;
    if ((!is_instance(parts[i]) && end == i + 1) || end == parts.size()) continue;
    const auto at = static_cast<std::ptrdiff_t>(i), behind = static_cast<std::ptrdiff_t>(end);
    std::string name = fmt::format("{}", fmt::join(parts.begin() + at, parts.begin() + behind, "."));
    std::ranges::replace(name, '/', '.');
    return fmt::format("{}(\"{}\").{}", fmt::join(parts.begin(), parts.begin() + at, "."), name,
                       fmt::join(parts.begin() + behind, parts.end(), "."));
  }
  return {};
}

// The value with the quotes or brackets that it lacks: `[4096, 87380]`, `"ubuntu 24.04"`.
inline std::vector<std::string> value_fixes(std::string_view text) {
  if (text.find_first_of("\"\r\n") != std::string_view::npos) return {};
  std::vector<std::string> items;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find_first_of(" \t,"), rest.size());
    if (end > 0) items.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const bool has_comma = text.find(',') != std::string_view::npos;
  bool numbers = true, words = true;
  for (std::string& item : items) {
    const bool range = is_dash_range(item);
    numbers = numbers && (range || is_number_like(item));
    words = words && is_word_like(item);
    if (range) item.replace(item.find('-'), 1, "..");
  }
  const std::string list = fmt::format("[{}]", fmt::join(items, ", ")),
                    quoted = to_source(Value{std::string(text)});
  if (items.size() > 1 && numbers) return {list};
  if (items.size() > 1 && words) return has_comma ? std::vector{list} : std::vector{quoted, list};
  return {quoted};
}

// 2027-03-31 for 31.03.2027, 2027/3/31 and the like; empty if it is no date, or if it could be two dates.
inline std::string date_meant(std::string_view text) {
  std::vector<int> numbers;
  std::vector<std::size_t> digits;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] < '0' || text[i] > '9') {
      if (std::string_view(".-/\"").find(text[i]) == std::string_view::npos) return "";
      ++i;
      continue;
    }
    int number = 0;
    const auto [end, error] = std::from_chars(text.data() + i, text.data() + text.size(), number);
    if (error != std::errc{}) return "";
    digits.push_back(static_cast<std::size_t>(end - text.data()) - i);
    numbers.push_back(number);
    i += digits.back();
  }
  if (numbers.size() != 3) return "";
  int year = numbers[0], month = numbers[1], day = numbers[2];
  if (digits[0] != 4) {
    if (digits[2] != 4) return "";
    const bool month_first = numbers[1] > 12;
    const bool either = text.find('/') != std::string_view::npos && numbers[0] <= 12 && numbers[1] <= 12;
    if (either) return "";
    year = numbers[2];
    month = numbers[month_first ? 0 : 1];
    day = numbers[month_first ? 1 : 0];
  }
  std::string date = fmt::format("{:04}-{:02}-{:02}", year, month, day);
  return Date::parse(date) ? date : std::string();
}

}  // namespace tunec::syntax
