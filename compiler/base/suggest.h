// "Did you mean": the name with the smallest edit distance, or nothing if no name is near.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tunec {

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

struct Near {
  std::string wrong, name;
  // No other name is as near, and the two differ by a slip of the fingers only. Names with other digits, such
  // as those of hosts, and names that differ by a word before them, such as `no`, are different names.
  bool is_certain = false;
};
std::optional<Near> nearest(std::string_view wrong, std::span<const std::string_view> names);

}  // namespace tunec
