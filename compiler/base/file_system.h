// Reading files, behind an interface, so that tests and fuzzing run the whole compiler over memory. No other
// code reads the disk; output/ writes to it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace tunec {

inline constexpr std::string_view no_such_file = "no such file";

struct ReadError {
  // "no such file", "is a directory", "is 104857600 bytes, more than the 16777216 that …"
  std::string reason;
};

class FileSystem {
 public:
  virtual ~FileSystem() = default;
  // The whole file, or why not. Files longer than `limit` bytes are refused unread.
  virtual std::variant<std::string, ReadError> read(const std::string& path, std::size_t limit) const = 0;
  // Names in a directory, sorted; empty if there is none.
  virtual std::vector<std::string> list(const std::string& directory) const = 0;
};

// Returns "/a/c" for "/a/./b/../c", and for "../c" in the directory /a/b. It follows no links, and the file
// need not exist.
std::string absolute_path(const std::string& path);

class DiskFileSystem final : public FileSystem {
 public:
  std::variant<std::string, ReadError> read(const std::string& path, std::size_t limit) const override;
  std::vector<std::string> list(const std::string& directory) const override;
};

// The regular files below a directory whose names have this ending, sorted; nothing if it is no directory.
// Hidden files and directories (`.git`) are left out, and so are directories behind symbolic links.
std::optional<std::vector<std::string>> files_below(const std::string& directory, std::string_view ending);

class MemoryFileSystem final : public FileSystem {
 public:
  std::map<std::string, std::string> files;
  std::variant<std::string, ReadError> read(const std::string& path, std::size_t limit) const override;
  std::vector<std::string> list(const std::string& directory) const override;
};

}  // namespace tunec
