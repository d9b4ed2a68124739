// A unified diff of two texts, shown when a case fails.
#pragma once

#include <string>
#include <string_view>

namespace tunec::test {

// Empty if the texts are equal. Lines with `-` are expected, lines with `+` are actual.
std::string unified_diff(std::string_view expected, std::string_view actual);

}  // namespace tunec::test
