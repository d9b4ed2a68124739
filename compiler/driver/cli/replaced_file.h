// A file system in which one file is read from elsewhere: other facts, or the text of an editor.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "base/file_system.h"

namespace tunec {

class ReplacedFile final : public FileSystem {
 public:
  ReplacedFile(std::shared_ptr<const FileSystem> files, std::string path, std::string other)
      : files_(std::move(files)), path_(std::move(path)), other_(std::move(other)) {}
  std::variant<std::string, ReadError> read(const std::string& path, std::size_t limit) const override {
    if (plain(path) != plain(path_)) return files_->read(path, limit);
    was_read_ = true;
    return files_->read(other_, limit);
  }
  std::vector<std::string> list(const std::string& directory) const override {
    return files_->list(directory);
  }
  bool was_read() const { return was_read_; }
  const std::string& path() const { return path_; }

 private:
  static std::string_view plain(std::string_view path) {
    while (path.starts_with("./")) path.remove_prefix(2);
    return path;
  }

  std::shared_ptr<const FileSystem> files_;
  std::string path_, other_;
  mutable std::atomic<bool> was_read_ = false;
};

}  // namespace tunec
