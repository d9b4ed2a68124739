// What the last run was made from, in .tunec/cache/inputs: where that is the same, and all files stand as that run left them, there is
// nothing to compute. Like the rest of the cache it changes nothing that is written, and counts for nothing if in any doubt.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tunec {

// The text that was kept, if it is whole and of the very tree that .tunec speaks of.
std::optional<std::string> last_inputs(const std::string& directory);
// How many files there are, if each is known to be as it was left; nothing if one is not, or if another run is at work.
std::optional<std::size_t> files_as_left(const std::string& directory);
// After a run that succeeded. What cannot be kept is not.
void keep_inputs(const std::string& directory, std::string_view inputs);

}  // namespace tunec
