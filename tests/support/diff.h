// A unified diff of two texts, for what a failed case shows.
#pragma once

#include <string>
#include <string_view>

namespace tunec::test {

// Empty if they are equal. `-` lines are expected, `+` lines are what came.
std::string unified_diff(std::string_view expected, std::string_view actual);

}  // namespace tunec::test
