// Walks directories below one that is held open. No path is resolved twice, and none through a symbolic link.
// System calls that fail throw TreeFault, since nearly all of them can fail and every failure ends the run in
// the same way. The functions that write trees, archives and lists catch it; it never leaves output/.
#pragma once

#include <csignal>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tunec {

struct TreeFault {
  std::string text;  // "PATH: reason"
};
[[noreturn]] void tree_fault_at(std::string_view path, std::string_view reason);
[[noreturn]] void tree_fault_errno(std::string_view path, int error);

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Fd& operator=(Fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Fd();
  int get() const { return fd_; }
  bool close();  // false if the system reports that data was lost

 private:
  int fd_ = -1;
};

// Keeps the directories open that lead to the last one entered. If paths come in the order of `path_less`,
// each new directory costs one system call.
class DirWalk {
 public:
  enum class Missing { report, create };
  // `shown`: where the root is, for messages ("" for the output directory itself).
  DirWalk(int root, Missing missing, std::string shown = "");
  // A descriptor to work in (O_PATH); nothing if there is no such directory. Valid until the next call.
  std::optional<int> enter(std::string_view directory);
  // The same; also nothing if something that is no directory is in the way.
  std::optional<int> enter_if_clear(std::string_view directory);

 private:
  struct Level {
    Fd fd;
    std::size_t length;  // of the path up to here
  };
  int descend(std::string_view directory);  // the descriptor, or a negative error number
  int root_;
  Missing missing_;
  std::string shown_;
  std::string path_;
  std::vector<Level> levels_;
};

// Whether the directories above a path exist, none of them a link. Callers give paths in the order of
// path_less, so each directory is looked at once.
class RealDirectories {
 public:
  explicit RealDirectories(int root) : root_(root) {}
  bool lead_to(std::string_view path);

 private:
  int root_;
  std::string checked_;
};

// While it exists, SIGINT and SIGTERM are delayed.
class SignalsHeld {
 public:
  SignalsHeld();
  ~SignalsHeld();
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  static bool is_one_waiting();

 private:
  sigset_t before_{};
};

// Directory ("" at the top), name
std::pair<std::string_view, std::string_view> split_path(std::string_view path);
bool is_symlink(int directory, const char* name);
std::vector<std::string> names_in(int directory, const std::string& shown);  // unsorted, without . and ..
void remove_all(int directory, const std::string& name, const std::string& shown);  // never through a link
void write_all(int fd, std::string_view content, std::string_view shown);
Fd new_file(int directory, const char* name, std::string_view shown);
// Writes a new file. When this returns, the file is on the disk.
void write_file(int directory, const char* name, std::span<const std::string_view> parts,
                std::string_view shown);
std::optional<std::string> read_file(int directory, const char* name, std::string_view shown);

}  // namespace tunec
