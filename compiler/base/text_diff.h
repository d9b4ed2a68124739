// The difference of two texts in the unified format, as `diff -u` prints it and `patch` reads it: hunks with
// three lines around each change, and `\ No newline at end of file` where a text has none.
#pragma once

#include <string>
#include <string_view>

namespace tunec {

// Nothing if the texts are equal. The names stand after `---` and `+++`.
std::string unified_diff(std::string_view old_name, std::string_view old_text, std::string_view new_name,
                         std::string_view new_text);

}  // namespace tunec
