// Paths of files in a tree: relative, with `/` between their parts.
#pragma once

#include <string_view>

namespace tunec {

// Compares part by part, so all files of a directory come together, right after a file of the directory's
// name.
bool path_less(std::string_view a, std::string_view b);
// Why a text is not a path of a tree ("has an empty part"); nullptr if it is one.
const char* path_fault(std::string_view path);

bool inside(std::string_view path, std::string_view directory);
// The first part.
inline std::string_view top_of(std::string_view path) { return path.substr(0, path.find('/')); }

}  // namespace tunec
