// A file system that records each read and a hash of the result. If all results are the same in a later run,
// that run would write the same files: the output depends only on these results, the options and the program.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/file_system.h"

namespace tunec {

// Hashes a result, as text without blanks.
using Hash = std::function<std::string(std::string_view)>;

class RecordedFiles final : public FileSystem {
 public:
  RecordedFiles(const FileSystem& files, Hash hash) : files_(files), hash_(std::move(hash)) {}
  std::variant<std::string, ReadError> read(const std::string& path, std::size_t limit) const override;
  std::vector<std::string> list(const std::string& directory) const override;

  // One read a line, sorted. Nothing if a name contains a line break.
  std::optional<std::string> record() const;

 private:
  void note(std::string line, const std::string& name) const;
  const FileSystem& files_;
  Hash hash_;
  mutable std::mutex lock_;
  mutable std::set<std::string> lines_;
  mutable bool fits_ = true;
};

// The files that a record has read and the directories that it has listed, sorted, each once. Files that did
// not exist and empty directories are left out.
std::vector<std::string> answered_names(std::string_view record, const Hash& hash);

// Repeats all reads of a record. Returns whether each gives the same result as before.
bool same_answers(std::string_view record, const FileSystem& files, const Hash& hash);

}  // namespace tunec
