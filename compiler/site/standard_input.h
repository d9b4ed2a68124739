// The name of a main file that comes from standard input, as in `tunec check -`.
#pragma once

#include <string_view>

namespace tunec {

inline constexpr std::string_view standard_input = "-";

}  // namespace tunec
