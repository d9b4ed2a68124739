// Writes a file that nobody sees half written: it is written beside its place, as PATH.part, and then moved
// there. A device or a pipe is written as it is.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace tunec {

// `write` gets a descriptor and returns what went wrong. Returns what went wrong in all; empty if nothing
// did.
std::string replace_file(const std::string& path, const std::function<std::string(int fd)>& write);
std::string replace_file(const std::string& path, std::string_view content);

}  // namespace tunec
