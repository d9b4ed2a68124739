// "Did you mean": the name with the smallest edit distance, or nothing if no name is near.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace tunec {

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);
std::optional<std::string> nearest(std::string_view wrong, std::span<const std::string_view> names);

}  // namespace tunec
