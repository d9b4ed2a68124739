// Files of which one is read from elsewhere: other facts, or the text of an editor.
#pragma once

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
    return files_->read(path == path_ ? other_ : path, limit);
  }
  std::vector<std::string> list(const std::string& directory) const override {
    return files_->list(directory);
  }

 private:
  std::shared_ptr<const FileSystem> files_;
  std::string path_, other_;
};

}  // namespace tunec
