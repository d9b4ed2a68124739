#include "host/files.h"

#include <cerrno>
#include <cstdio>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace tunec::host {
namespace {

// Readers of drop-in directories skip names that begin with a dot, and none of their endings fits.
constexpr const char* leftover = ".tunec-new";

void sync_directory(int directory, std::string_view shown) {
  const Fd fd(::openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));  // the other may be O_PATH
  if (fd.get() < 0 || ::fsync(fd.get()) != 0) tree_fault_errno(shown, errno);
}

void unlink_if_there(int directory, const char* name, std::string_view shown) {
  if (::unlinkat(directory, name, 0) != 0 && errno != ENOENT) tree_fault_errno(shown, errno);
}

// The label that SELinux gives follows from the place, and the integrity signatures from the content.
std::string attribute_not_kept(int fd) {
  char names[4096];
  const ssize_t size = ::flistxattr(fd, names, sizeof names);
  if (size < 0) return errno == ENOTSUP ? "" : "extended attributes";
  for (std::string_view rest(names, static_cast<std::size_t>(size)); !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(name.size() + 1);
    if (name != "security.selinux" && name != "security.ima" && name != "security.evm")
      return fmt::format("the extended attribute `{}`", name);
  }
  return "";
}

}  // namespace

bool same(const State& a, const State& b) {
  if (!a || !b) return !a && !b;
  return a->content == b->content && a->mode == b->mode && a->uid == b->uid && a->gid == b->gid;
}

Files::Files(const std::string& root)
    : root_path_(root), root_(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {
  if (root_.get() < 0) tree_fault_errno(root, errno);
}

std::string Files::shown(std::string_view path) const {
  return fmt::format("{}{}{}", root_path_, root_path_.ends_with('/') ? "" : "/", path);
}

State Files::read(std::string_view path) const {
  const auto [directory, name] = split_path(path);
  DirWalk walk(root_.get(), DirWalk::Missing::report, shown(""));
  const std::optional<int> parent = walk.enter(directory);
  if (!parent) return std::nullopt;
  const std::string file(name);
  const Fd fd(::openat(*parent, file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0 && errno == ENOENT) return std::nullopt;
  if (fd.get() < 0 && errno == ELOOP)
    tree_fault_at(shown(path), "is a symbolic link, which is not followed: put a file in its place");
  struct stat status {};
  if (fd.get() < 0 || ::fstat(fd.get(), &status) != 0) tree_fault_errno(shown(path), errno);
  if (!S_ISREG(status.st_mode)) tree_fault_at(shown(path), "is not a regular file: move it away");
  std::optional<std::string> content = read_file(*parent, file.c_str(), shown(path));
  if (!content) return std::nullopt;
  FileState state{std::move(*content), status.st_mode & 07777U, status.st_uid,
                  status.st_gid,       status.st_mtim,          attribute_not_kept(fd.get())};
  if (status.st_nlink > 1) state.not_kept = "another hard link";
  return state;
}

void Files::set(std::string_view path, const State& wanted) const {
  const auto [directory, name] = split_path(path);
  DirWalk walk(root_.get(), DirWalk::Missing::report, shown(""));
  const std::optional<int> parent = walk.enter(directory);
  if (!parent && !wanted) return;
  if (!parent) tree_fault_errno(shown(directory), ENOENT);
  const std::string file(name), where = shown(path);
  unlink_if_there(*parent, leftover, where);
  if (!wanted) {
    unlink_if_there(*parent, file.c_str(), where);
    return sync_directory(*parent, where);
  }
  // Nobody else may open it before it has its owner and mode.
  Fd fd(::openat(*parent, leftover, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (fd.get() < 0) tree_fault_errno(where, errno);
  write_all(fd.get(), wanted->content, where);
  const timespec times[2] = {{0, UTIME_OMIT}, wanted->modified.value_or(timespec{0, UTIME_NOW})};
  if (::fchown(fd.get(), wanted->uid, wanted->gid) != 0 || ::fchmod(fd.get(), wanted->mode) != 0 ||
      ::futimens(fd.get(), times) != 0 || ::fsync(fd.get()) != 0 || !fd.close() ||
      ::renameat(*parent, leftover, *parent, file.c_str()) != 0)
    tree_fault_errno(where, errno);
  sync_directory(*parent, where);
}

void Files::discard_leftovers(std::string_view path) const {
  const std::string_view directory = split_path(path).first;
  DirWalk walk(root_.get(), DirWalk::Missing::report, shown(""));
  if (const std::optional<int> parent = walk.enter(directory))
    unlink_if_there(*parent, leftover, shown(directory));
}

std::vector<std::string> Files::missing_directories(std::string_view path) const {
  std::vector<std::string> missing;
  for (std::size_t end = path.find('/'); end != path.npos; end = path.find('/', end + 1)) {
    DirWalk walk(root_.get(), DirWalk::Missing::report, shown(""));
    const std::string_view directory = path.substr(0, end);
    if (!walk.enter(directory)) missing.emplace_back(directory);
  }
  return missing;
}

void Files::make_directory(std::string_view path, unsigned mode) const {
  const auto [directory, name] = split_path(path);
  DirWalk walk(root_.get(), DirWalk::Missing::report, shown(""));
  const std::optional<int> parent = walk.enter(directory);
  if (!parent) tree_fault_errno(shown(directory), ENOENT);
  if (::mkdirat(*parent, std::string(name).c_str(), mode) != 0 && errno != EEXIST)
    tree_fault_errno(shown(path), errno);
  sync_directory(*parent, shown(path));
}

void Files::remove_directory(std::string_view path) const {
  const auto [directory, name] = split_path(path);
  DirWalk walk(root_.get(), DirWalk::Missing::report, shown(""));
  const std::optional<int> parent = walk.enter(directory);
  if (!parent) return;
  if (::unlinkat(*parent, std::string(name).c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT &&
      errno != ENOTEMPTY && errno != EEXIST)
    tree_fault_errno(shown(path), errno);
  sync_directory(*parent, shown(path));
}

std::vector<std::string> Files::names(const std::string& directory) const {
  DirWalk walk(root_.get(), DirWalk::Missing::report, shown(""));
  const std::optional<int> fd = walk.enter(directory);
  return fd ? names_in(*fd, shown(directory)) : std::vector<std::string>();
}

void Files::rename(std::string_view from, std::string_view to) const {
  const auto [directory, name] = split_path(from);
  DirWalk walk(root_.get(), DirWalk::Missing::report, shown(""));
  const std::optional<int> parent = walk.enter(directory);
  if (!parent) tree_fault_errno(shown(directory), ENOENT);
  if (::renameat(*parent, std::string(name).c_str(), *parent, std::string(split_path(to).second).c_str()) !=
      0)
    tree_fault_errno(shown(from), errno);
  sync_directory(*parent, shown(to));
}

void Files::remove_all(std::string_view path) const {
  const auto [directory, name] = split_path(path);
  DirWalk walk(root_.get(), DirWalk::Missing::report, shown(""));
  if (const std::optional<int> parent = walk.enter(directory))
    tunec::remove_all(*parent, std::string(name), shown(path));
}

}  // namespace tunec::host
