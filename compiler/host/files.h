// Files below a root directory: reads them, and gives one another state in one step, so that no reader and no
// power cut finds it half written. Symbolic links are never followed.
//
// System calls that fail throw TreeFault.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>
#include <time.h>

#include "output/tree/directory.h"

namespace tunec::host {

struct FileState {
  std::string content;
  unsigned mode = 0644;
  uid_t uid = 0;
  gid_t gid = 0;
  std::optional<timespec> modified{};  // nothing: the time of writing
  // What a copy of it would lose: an access list, another hard link; empty: nothing
  std::string not_kept{};
};
using State = std::optional<FileState>;  // nothing: there is no such file

bool same(const State& a, const State& b);  // by content, mode and owner

class Files {
 public:
  explicit Files(const std::string& root);
  State read(std::string_view path) const;
  void set(std::string_view path, const State& wanted) const;
  // What set() leaves behind beside a path if it dies.
  void discard_leftovers(std::string_view path) const;
  // Those that lead to a path and do not exist, the outermost first.
  std::vector<std::string> missing_directories(std::string_view path) const;
  void make_directory(std::string_view path, unsigned mode) const;
  void remove_directory(std::string_view path) const;  // if it is empty
  std::vector<std::string> names(const std::string& directory) const;
  void rename(std::string_view from, std::string_view to) const;  // in one directory
  void remove_all(std::string_view path) const;
  int descriptor() const { return root_.get(); }
  std::string shown(std::string_view path) const;  // for messages

 private:
  std::string root_path_;
  Fd root_;
};

}  // namespace tunec::host
