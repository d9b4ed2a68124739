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
  // True if no other name is as near, and the two differ only by a slip of the fingers. Names with other
  // digits, such as those of hosts, are different names. So are names that differ by a word in front, such as
  // `no`.
  bool is_certain = false;
};
std::optional<Near> nearest(std::string_view wrong, std::span<const std::string_view> names);

}  // namespace tunec
