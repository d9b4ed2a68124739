#include "machine/host_names.h"

#include <algorithm>
#include <map>
#include <optional>

#include <fmt/ranges.h>

namespace tunec {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A name cut at its last number: "kvm-", "07", "-b".
struct Cut {
  std::string_view stem, digits, rest;
};

Cut cut(std::string_view name) {
  std::size_t end = name.size();
  while (end > 0 && !is_digit(name[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && is_digit(name[begin - 1])) --begin;
  constexpr std::size_t max_digits = 9;  // that fit a number
  if (end - begin > max_digits) begin = end;
  return {name.substr(0, begin), name.substr(begin, end - begin), name.substr(end)};
}

// Names that differ only in one number of a fixed width: their numbers, as runs of consecutive ones.
struct Run {
  long first, last;
};
struct Family {
  std::string first_name;
  std::vector<long> numbers;
};

std::string spelt(long number, std::size_t width) { return fmt::format("{:0{}}", number, width); }

}  // namespace

std::string compact_names(std::vector<std::string> names, std::size_t max_parts) {
  std::ranges::sort(names);
  // The width is part of the key: kvm-9 and kvm-10 do not form a pattern
  std::map<std::tuple<std::string_view, std::string_view, std::size_t>, std::vector<long>> families;
  for (const std::string& name : names) {
    const Cut parts = cut(name);
    families[{parts.stem, parts.rest, parts.digits.size()}].push_back(
        parts.digits.empty() ? -1 : std::stol(std::string(parts.digits)));
  }
  std::vector<std::string> parts;
  std::size_t shown = 0;
  for (auto& [key, numbers] : families) {
    const auto& [stem, rest, width] = key;
    std::ranges::sort(numbers);
    std::vector<Run> runs;
    for (const long number : numbers) {
      if (!runs.empty() && runs.back().last + 1 == number) runs.back().last = number;
      else runs.push_back({number, number});
    }
    for (const Run& run : runs) {
      if (max_parts != 0 && parts.size() == max_parts) break;
      shown += static_cast<std::size_t>(run.last - run.first) + 1;
      if (width == 0) parts.push_back(fmt::format("{}{}", stem, rest));
      else if (run.first == run.last)
        parts.push_back(fmt::format("{}{}{}", stem, spelt(run.first, width), rest));
      else
        parts.push_back(
            fmt::format("{}[{}..{}]{}", stem, spelt(run.first, width), spelt(run.last, width), rest));
    }
  }
  std::string text = fmt::format("{}", fmt::join(parts, ", "));
  if (shown < names.size()) text += fmt::format(" and {} more", names.size() - shown);
  return text;
}

}  // namespace tunec
