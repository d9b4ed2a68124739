// A file system that takes down what it was asked and what it answered. Whoever gets the same answers to the same questions once
// more comes to the same end: what tunec makes depends on nothing else but itself and its options.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>

#include "base/file_system.h"

namespace tunec {

// A hash of an answer, as text without blanks.
using Hash = std::function<std::string(std::string_view)>;

class RecordedFiles final : public FileSystem {
 public:
  RecordedFiles(const FileSystem& files, Hash hash) : files_(files), hash_(std::move(hash)) {}
  std::variant<std::string, ReadError> read(const std::string& path, std::size_t limit) const override;
  std::vector<std::string> list(const std::string& directory) const override;

  // One question a line, in an order of its own; nothing if a name does not fit in a line.
  std::optional<std::string> record() const;

 private:
  void note(std::string line, const std::string& name) const;
  const FileSystem& files_;
  Hash hash_;
  mutable std::mutex lock_;
  mutable std::set<std::string> lines_;
  mutable bool fits_ = true;
};

// Asks all the questions of a record again. Gives the texts that were read, by name; what could not be read has none. Nothing if the
// record is none.
std::optional<std::map<std::string, std::string>> ask_again(std::string_view record, const FileSystem& files);
// The names of the files that one record has otherwise than another of the same questions; nothing if they differ in more.
std::optional<std::vector<std::string>> other_files(std::string_view record, std::string_view other);

}  // namespace tunec
