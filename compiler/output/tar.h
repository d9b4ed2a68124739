// A tree as one tar stream (pax, where ustar cannot hold a path): owned by root, of the year 1970, sorted.
// The same files give the same bytes on every machine.
#pragma once

#include <span>
#include <string>

#include "output/tree/source.h"

namespace tunec {

// All return an error, or an empty text.
std::string write_tar(int fd, const TreeSource& source);
std::string write_tar(int fd, std::span<const TreeFile> files);
// To a file, as replace_file() does.
std::string write_tar_file(const std::string& path, const TreeSource& source);
std::string write_tar_file(const std::string& path, std::span<const TreeFile> files);

}  // namespace tunec
