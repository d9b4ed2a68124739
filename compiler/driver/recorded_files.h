// A file system that records each read and a hash of its answer. A run that would get the same answers would
// write the same files: the output depends on these answers, the options and the program, and on nothing
// else.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/file_system.h"

namespace tunec {

// A hash of an answer, as text without blanks.
using Hash = std::function<std::string(std::string_view)>;

class RecordedFiles final : public FileSystem {
 public:
  RecordedFiles(const FileSystem& files, Hash hash) : files_(files), hash_(std::move(hash)) {}
  std::variant<std::string, ReadError> read(const std::string& path, std::size_t limit) const override;
  std::vector<std::string> list(const std::string& directory) const override;

  // One read a line, sorted; nothing if a name has a line break in it.
  std::optional<std::string> record() const;

 private:
  void note(std::string line, const std::string& name) const;
  const FileSystem& files_;
  Hash hash_;
  mutable std::mutex lock_;
  mutable std::set<std::string> lines_;
  mutable bool fits_ = true;
};

// The files that a record has read and the directories that it has listed, sorted, each once. Left out is
// what was not there; an empty directory is, too.
std::vector<std::string> answered_names(std::string_view record, const Hash& hash);

// Repeats all reads of a record. Returns whether each of them gives the same answer as before.
bool same_answers(std::string_view record, const FileSystem& files, const Hash& hash);

}  // namespace tunec
