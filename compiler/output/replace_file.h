// Replaces a file in one step, so that no reader finds it half written: writes PATH.part, then renames it. A
// device or a pipe is written directly.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace tunec {

// `write` gets a descriptor and returns an error, or an empty text; so does replace_file.
std::string replace_file(const std::string& path, const std::function<std::string(int fd)>& write);
std::string replace_file(const std::string& path, std::string_view content);

// Replaces the content of a user's file. The mode stays and, where the system allows it, the owner. If the
// path is a symbolic link, the file behind it is replaced.
std::string rewrite_file(const std::string& path, std::string_view content);

}  // namespace tunec
