// The same tree as one tar stream (pax where ustar cannot say it): root's, of the year 1970, sorted, and so
// the same bytes for the same files everywhere.
#pragma once

#include <span>
#include <string>

#include "output/tree/writer.h"

namespace tunec {

// All return what went wrong, or nothing.
std::string write_tar(int fd, const TreeSource& source);
std::string write_tar(int fd, std::span<const TreeFile> files);
// To a file, which is replaced only when all is written; to a device or a pipe as it comes.
std::string write_tar_file(const std::string& path, const TreeSource& source);
std::string write_tar_file(const std::string& path, std::span<const TreeFile> files);

}  // namespace tunec
