// Short forms for many names: kvm-01, kvm-02, kvm-03, db-1 become "db-1, kvm-[01..03]".
#pragma once

#include <string>
#include <vector>

namespace tunec {

// The names, sorted, as patterns of consecutive numbers. At most `max_parts` patterns (0: all), then "and 12
// more".
std::string compact_names(std::vector<std::string> names, std::size_t max_parts = 0);

}  // namespace tunec
