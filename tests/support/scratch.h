// A temporary directory for one test, removed at the end of the test. All paths are relative to it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace tunec::test {

class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::string at(const std::string& path) const { return root_ + '/' + path; }
  void write(const std::string& path, const std::string& content) const;
  void make_directory(const std::string& path) const;
  void link(const std::string& target, const std::string& path) const;
  void clear(const std::string& path) const;  // and everything in it
  bool exists(const std::string& path) const;
  std::string read(const std::string& path) const;
  unsigned mode(const std::string& path) const;
  std::vector<std::string> names(const std::string& directory) const;   // sorted
  std::pair<ino_t, long long> identity(const std::string& path) const;  // changes when the file is written
  // "path=content " of every file below the directory, sorted, without .tunec.
  std::string listing(const std::string& directory) const;

 private:
  std::string root_;
};

// Root may write everywhere. While this object lives, the process runs as `nobody`, who owns the scratch
// directory.
class Unprivileged {
 public:
  explicit Unprivileged(const Scratch& scratch);
  ~Unprivileged();
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;
  bool possible() const { return possible_; }

 private:
  bool possible_ = false;
};

}  // namespace tunec::test
