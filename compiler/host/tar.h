// Archives as ustar and pax: those that `tunec compile --format tar` writes, and captures. libarchive would
// make the program half as large again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tunec::host {

struct TarEntry {
  std::string path;     // relative, without ./ before it
  std::string content;  // of a link: where it points
  unsigned mode = 0644;
  bool is_link = false;  // symbolic; else a regular file, or a directory
  bool is_directory = false;
  long long modified = 0;  // seconds since 1970
};

// Throws Refused: "SHOWN: reason". Other kinds of entries (devices, hard links) are refused.
std::vector<TarEntry> read_tar(std::string_view bytes, const std::string& shown);
std::string tar_of(const std::vector<TarEntry>& entries);  // in their order; owned by root

std::string read_stream(int fd, const std::string& shown);  // to its end; throws Refused

}  // namespace tunec::host
