// openat2(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS) would resolve several names at once. Opening one name at a
// time with O_NOFOLLOW gives the same guarantee on every kernel. Since the levels stay open, it needs no more
// calls.
#include "output/tree/directory.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tunec {
namespace {

constexpr int directory_flags = O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

}  // namespace

void tree_fault_at(std::string_view path, std::string_view reason) {
  throw TreeFault{fmt::format("{}: {}", path, reason)};
}

void tree_fault_errno(std::string_view path, int error) { tree_fault_at(path, std::strerror(error)); }

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

bool Fd::close() { return ::close(std::exchange(fd_, -1)) == 0; }

DirWalk::DirWalk(int root, Missing missing, std::string shown)
    : root_(root), missing_(missing), shown_(std::move(shown)) {}

int DirWalk::descend(std::string_view directory) {
  // Close the levels that are not on the way.
  while (!levels_.empty()) {
    const std::size_t length = levels_.back().length;
    const bool on_the_way = directory.size() >= length &&
                            directory.compare(0, length, path_, 0, length) == 0 &&
                            (directory.size() == length || directory[length] == '/');
    if (on_the_way) break;
    levels_.pop_back();
  }
  path_.resize(levels_.empty() ? 0 : levels_.back().length);
  while (path_.size() < directory.size()) {
    const int parent = levels_.empty() ? root_ : levels_.back().fd.get();
    const std::size_t begin = path_.empty() ? 0 : path_.size() + 1;
    const std::size_t end = std::min(directory.find('/', begin), directory.size());
    const std::string name(directory.substr(begin, end - begin));
    path_.assign(directory.substr(0, end));
    if (missing_ == Missing::create && ::mkdirat(parent, name.c_str(), 0777) != 0 && errno != EEXIST)
      return -errno;
    const int fd = ::openat(parent, name.c_str(), O_PATH | directory_flags);
    if (fd < 0) return errno == ENOTDIR && is_symlink(parent, name.c_str()) ? -ELOOP : -errno;
    levels_.push_back({Fd(fd), end});
  }
  return levels_.empty() ? root_ : levels_.back().fd.get();
}

std::optional<int> DirWalk::enter(std::string_view directory) {
  if (!levels_.empty() && path_ == directory) return levels_.back().fd.get();
  const int fd = descend(directory);
  if (fd >= 0) return fd;
  // `path_` returns to the innermost open level, where the next call starts.
  const std::string where = shown_ + std::exchange(
                                         path_, path_.substr(0, levels_.empty() ? 0 : levels_.back().length));
  if (fd == -ENOENT) return std::nullopt;
  if (fd == -ELOOP)
    tree_fault_at(where, "is a symbolic link, which is not followed: put a directory in its place");
  if (fd == -ENOTDIR) tree_fault_at(where, "is in the way: a directory of this name is needed");
  tree_fault_errno(where, -fd);
}

std::optional<int> DirWalk::enter_if_clear(std::string_view directory) {
  const int fd = descend(directory);
  if (fd >= 0) return fd;
  path_.resize(levels_.empty() ? 0 : levels_.back().length);
  return std::nullopt;
}

bool RealDirectories::lead_to(std::string_view path) {
  const std::string_view directory = split_path(path).first;
  // The part that was checked for the previous path
  std::size_t end = 0;
  for (std::size_t at = 0;; ++at) {
    const bool ends = at == directory.size() || directory[at] == '/';
    const bool former_ends = at == checked_.size() || checked_[at] == '/';
    if (ends && former_ends) end = at;
    if (at >= directory.size() || at >= checked_.size() || directory[at] != checked_[at]) break;
  }
  while (end < directory.size()) {
    end = std::min(directory.find('/', end + 1), directory.size());
    const std::string part(directory.substr(0, end));
    struct stat status {};
    if (::fstatat(root_, part.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(status.st_mode))
      return false;
  }
  checked_ = directory;
  return true;
}

SignalsHeld::SignalsHeld() {
  sigset_t held;
  ::sigemptyset(&held);
  ::sigaddset(&held, SIGINT);
  ::sigaddset(&held, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &held, &before_);
}

bool SignalsHeld::is_one_waiting() {
  sigset_t pending;
  ::sigemptyset(&pending);
  return ::sigpending(&pending) == 0 &&
         (::sigismember(&pending, SIGINT) == 1 || ::sigismember(&pending, SIGTERM) == 1);
}

SignalsHeld::~SignalsHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

std::pair<std::string_view, std::string_view> split_path(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == path.npos) return {std::string_view(), path};
  return {path.substr(0, slash), path.substr(slash + 1)};
}

bool is_symlink(int directory, const char* name) {
  struct stat status {};
  return ::fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(status.st_mode);
}

std::vector<std::string> names_in(int directory, const std::string& shown) {
  // The descriptor may be O_PATH, and readdir needs a readable one anyway.
  const int fd = ::openat(directory, ".", O_RDONLY | directory_flags);
  if (fd < 0) tree_fault_errno(shown, errno);
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd), &::closedir);
  if (!stream) {
    ::close(fd);
    tree_fault_at(shown, "cannot be listed");
  }
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  return names;
}

void remove_all(int directory, const std::string& name, const std::string& shown) {
  const Fd inside(::openat(directory, name.c_str(), O_RDONLY | directory_flags));
  if (inside.get() < 0) {
    if (errno == ENOENT) return;
    if (errno != ENOTDIR && errno != ELOOP) tree_fault_errno(shown, errno);
    if (::unlinkat(directory, name.c_str(), 0) != 0) tree_fault_errno(shown, errno);
    return;
  }
  for (const std::string& entry : names_in(inside.get(), shown)) {
    // Most names are files; for a directory, unlinkat reports EISDIR.
    if (::unlinkat(inside.get(), entry.c_str(), 0) == 0) continue;
    if (errno != EISDIR && errno != EPERM) tree_fault_errno(fmt::format("{}/{}", shown, entry), errno);
    remove_all(inside.get(), entry, fmt::format("{}/{}", shown, entry));
  }
  if (::unlinkat(directory, name.c_str(), AT_REMOVEDIR) != 0) tree_fault_errno(shown, errno);
}

void write_all(int fd, std::string_view content, std::string_view shown) {
  while (!content.empty()) {
    const ssize_t count = ::write(fd, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) tree_fault_errno(shown, errno);
    content.remove_prefix(static_cast<std::size_t>(count));
  }
}

Fd new_file(int directory, const char* name, std::string_view shown) {
  Fd fd(::openat(directory, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (fd.get() < 0) tree_fault_errno(shown, errno);
  return fd;
}

void write_file(int directory, const char* name, std::span<const std::string_view> parts,
                std::string_view shown) {
  constexpr std::size_t enough = 1 << 18;  // bytes for one call
  Fd fd = new_file(directory, name, shown);
  std::string together;
  for (const std::string_view part : parts) {
    together += part;
    if (together.size() < enough) continue;
    write_all(fd.get(), together, shown);
    together.clear();
  }
  write_all(fd.get(), together, shown);
  if (::fsync(fd.get()) != 0 || !fd.close()) tree_fault_errno(shown, errno);
}

std::optional<std::string> read_file(int directory, const char* name, std::string_view shown) {
  const Fd fd(::openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0 && errno == ENOENT) return std::nullopt;
  if (fd.get() < 0 && errno == ELOOP) tree_fault_at(shown, "is a symbolic link, which is not followed");
  struct stat status {};
  if (fd.get() < 0 || ::fstat(fd.get(), &status) != 0) tree_fault_errno(shown, errno);
  if (!S_ISREG(status.st_mode)) tree_fault_at(shown, "is not a regular file");
  std::string content(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t at = 0;
  while (at < content.size()) {
    const ssize_t count = ::read(fd.get(), content.data() + at, content.size() - at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) tree_fault_errno(shown, errno);
    if (count == 0) break;
    at += static_cast<std::size_t>(count);
  }
  content.resize(at);
  return content;
}

}  // namespace tunec
