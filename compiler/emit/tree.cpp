// One run of the writer: open and lock, finish what a former run left, compare and stage, journal, move into place.
#include "emit/tree.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <set>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emit/tree_dir.h"
#include "emit/tree_journal.h"

namespace tunec {
namespace {

using Files = std::vector<const TreeFile*>;

Files sorted(std::span<const TreeFile> files) {
  Files result;
  result.reserve(files.size());
  for (const TreeFile& file : files) result.push_back(&file);
  const auto path = [](const TreeFile* file) -> std::string_view { return file->path; };
  if (!std::ranges::is_sorted(result, path_less, path)) std::ranges::sort(result, path_less, path);
  return result;
}

bool inside(std::string_view path, std::string_view directory) {
  return path.size() > directory.size() && path.starts_with(directory) && path[directory.size()] == '/';
}

std::string fault_of(const Files& files) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string& path = files[i]->path;
    if (const char* reason = path_fault(path)) return fmt::format("`{}`: {}", path, reason);
    if (i == 0) continue;
    const std::string& before = files[i - 1]->path;
    if (path == before) return fmt::format("{}: two files of this path", path);
    if (inside(path, before)) return fmt::format("{}: a file, and a directory for {}", before, path);
  }
  return {};
}

enum class Standing { absent, same, other_mode, different };

class TreeWriter {
 public:
  TreeWriter(const std::string& directory, bool force);
  ~TreeWriter();
  TreeWriter(const TreeWriter&) = delete;
  TreeWriter& operator=(const TreeWriter&) = delete;
  void write(const Files& files, TreeResult& result);

 private:
  void plan_removals(const Files& files);
  bool will_be_empty(const std::string& directory);
  void enter(std::string_view directory);
  void handle(const TreeFile& file, TreeResult& result);
  Standing standing(const TreeFile& file, const std::string& name);
  void stage(const TreeFile& file, std::string_view directory, const std::string& name);
  void may_change(int directory, std::string_view shown);
  bool same_bytes(int fd, std::string_view content);
  bool ours(std::string_view path) const { return std::ranges::binary_search(former_.files, path, path_less); }
  bool goes_away(std::string_view path) const {
    return vanishing_.contains(path) || std::ranges::binary_search(changes_.removals, path, path_less);
  }

  const std::string& output_;
  bool force_;
  bool made_output_ = false, made_state_ = false, promised_ = false;
  Fd root_, state_, stage_root_;
  mode_t umask_ = 0;
  TreeIndex former_, next_;
  TreeChanges changes_;
  std::set<std::string, std::less<>> vanishing_;      // directories, as soon as the removals are done
  std::optional<DirWalk> real_, stage_;
  std::string current_;                               // the directory being filled,
  std::optional<int> current_fd_;                     // if it is there already,
  bool current_checked_ = false;                      // and known to be writable
  std::array<char, 65536> buffer_;
};

TreeWriter::TreeWriter(const std::string& directory, bool force) : output_(directory), force_(force) {
  made_output_ = ::mkdir(directory.c_str(), 0777) == 0;
  if (!made_output_ && errno != EEXIST) tree_fault_errno(directory, errno);
  // The one path that may lead through links: the user gave it.
  root_ = Fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root_.get() < 0) tree_fault_errno(directory, errno);
  if (::flock(root_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    made_output_ = false;
    tree_fault_at(directory, "another tunec is writing there");
  }
  made_state_ = ::mkdirat(root_.get(), ".tunec", 0777) == 0;
  if (!made_state_ && errno != EEXIST) tree_fault_errno(fmt::format("{}/.tunec", directory), errno);
  if (is_symlink(root_.get(), ".tunec")) tree_fault_at(".tunec", "is a symbolic link, which is not followed");
  state_ = Fd(::openat(root_.get(), ".tunec", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (state_.get() < 0) tree_fault_errno(".tunec", errno);
  umask_ = ::umask(0);
  ::umask(umask_);
}

// A run that promised nothing leaves nothing.
TreeWriter::~TreeWriter() {
  if (state_.get() >= 0 && !promised_) {
    try {
      discard_stage(state_.get());
    } catch (const TreeFault&) {  // the next run tries again
    }
  }
  if (made_state_ && !promised_) ::unlinkat(root_.get(), ".tunec", AT_REMOVEDIR);
  if (made_output_ && !promised_) ::rmdir(output_.c_str());
}

void TreeWriter::write(const Files& files, TreeResult& result) {
  finish_former_run(root_.get(), state_.get());
  former_ = read_index(state_.get());
  real_.emplace(root_.get(), DirWalk::Missing::report);
  plan_removals(files);
  real_.emplace(root_.get(), DirWalk::Missing::report);
  current_fd_ = root_.get();
  for (const TreeFile* file : files) handle(*file, result);
  result.removed = changes_.removals.size();
  std::ranges::sort(next_.directories, path_less);
  for (const TreeFile* file : files) next_.files.push_back(file->path);
  promised_ = changes_.empty() && next_.files == former_.files && next_.directories == former_.directories;
  if (promised_) return;
  write_journal(state_.get(), changes_, next_);
  promised_ = true;
  carry_out(root_.get(), state_.get(), changes_);
}

// What we wrote before and is not wanted now, and the directories of ours that this leaves empty. What is no regular
// file any more is somebody else's.
void TreeWriter::plan_removals(const Files& files) {
  const auto path = [](const TreeFile* file) -> std::string_view { return file->path; };
  auto wanted = files.begin();
  for (const std::string& former : former_.files) {
    while (wanted != files.end() && path_less((*wanted)->path, former)) ++wanted;
    if (wanted != files.end() && (*wanted)->path == former) continue;
    const auto [directory, name] = split_path(former);
    const std::optional<int> fd = real_->enter_if_clear(directory);
    struct stat status{};
    if (!fd || ::fstatat(*fd, std::string(name).c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (!S_ISREG(status.st_mode)) continue;
    may_change(*fd, directory);
    changes_.removals.push_back(former);
  }
  for (auto directory = former_.directories.rbegin(); directory != former_.directories.rend(); ++directory) {
    const auto first = std::ranges::lower_bound(files, *directory, path_less, path);
    const bool needed = first != files.end() && inside((*first)->path, *directory);
    const bool at_all = !needed && real_->enter_if_clear(*directory).has_value();
    if (!at_all) continue;
    if (!will_be_empty(*directory)) {
      next_.directories.push_back(*directory);
      continue;
    }
    vanishing_.insert(*directory);
    changes_.emptied.push_back(*directory);
  }
}

bool TreeWriter::will_be_empty(const std::string& directory) {
  const std::optional<int> fd = real_->enter_if_clear(directory);
  if (!fd) return false;
  return std::ranges::all_of(names_in(*fd, directory),
                             [&](const std::string& name) { return goes_away(fmt::format("{}/{}", directory, name)); });
}

// Each directory on the way that was not entered for the file before. The outermost new one is moved as a whole.
void TreeWriter::enter(std::string_view directory) {
  current_checked_ = false;
  current_fd_ = root_.get();
  for (std::size_t end = 0; end < directory.size();) {
    end = std::min(directory.find('/', end + 1), directory.size());
    const std::string_view part = directory.substr(0, end);
    const bool parent_is_new = !current_fd_.has_value();
    const bool known = part == current_ || inside(current_, part);
    if (!parent_is_new) {
      const int parent = *current_fd_;
      current_fd_ = goes_away(part) ? std::nullopt : real_->enter(part);
      if (!current_fd_ && !known) {
        may_change(parent, split_path(part).first);
        changes_.renames.emplace_back(part);
      }
    }
    if (!known && (!current_fd_ || std::ranges::binary_search(former_.directories, part, path_less))) {
      next_.directories.emplace_back(part);
    }
  }
  current_ = directory;
}

void TreeWriter::handle(const TreeFile& file, TreeResult& result) {
  const auto [directory, view] = split_path(file.path);
  const std::string name(view);
  if (directory != current_) enter(directory);
  const Standing found = current_fd_ ? standing(file, name) : Standing::absent;
  if (found == Standing::same) {
    ++result.unchanged;
    return;
  }
  ++result.written;
  if (found == Standing::other_mode) {
    changes_.modes.emplace_back(file.mode, file.path);
    return;
  }
  if (current_fd_) {
    if (!current_checked_) may_change(*current_fd_, directory);
    current_checked_ = true;
    changes_.renames.push_back(file.path);
  }
  stage(file, directory, name);
}

Standing TreeWriter::standing(const TreeFile& file, const std::string& name) {
  const Fd fd(::openat(*current_fd_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) {
    if (errno == ENOENT) return Standing::absent;
    if (errno == ELOOP) tree_fault_at(file.path, "is a symbolic link, which is neither followed nor replaced");
    tree_fault_errno(file.path, errno);
  }
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0) tree_fault_errno(file.path, errno);
  if (S_ISDIR(status.st_mode) && vanishing_.contains(file.path)) return Standing::absent;
  if (!S_ISREG(status.st_mode)) tree_fault_at(file.path, S_ISDIR(status.st_mode) ? "is a directory" : "is not a regular file");
  const bool same = static_cast<std::size_t>(status.st_size) == file.content->size() && same_bytes(fd.get(), *file.content);
  if (same) return (status.st_mode & 07777U) == file.mode ? Standing::same : Standing::other_mode;
  if (!force_ && !ours(file.path)) {
    tree_fault_at(file.path, "is in the way: it was not written by tunec, and differs from what tunec would write");
  }
  return Standing::different;
}

bool TreeWriter::same_bytes(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::read(fd, buffer_.data(), std::min(buffer_.size(), content.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    const auto length = static_cast<std::size_t>(count);
    if (content.substr(0, length) != std::string_view(buffer_.data(), length)) return false;
    content.remove_prefix(length);
  }
  return true;
}

void TreeWriter::stage(const TreeFile& file, std::string_view directory, const std::string& name) {
  if (!stage_) {
    if (::mkdirat(state_.get(), "stage", 0777) != 0) tree_fault_errno(".tunec/stage", errno);
    stage_root_ = Fd(::openat(state_.get(), "stage", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (stage_root_.get() < 0) tree_fault_errno(".tunec/stage", errno);
    stage_.emplace(stage_root_.get(), DirWalk::Missing::create, ".tunec/stage/");
  }
  const int fd = stage_->enter(directory).value_or(-1);
  Fd out(::openat(fd, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file.mode));
  if (out.get() < 0) tree_fault_errno(file.path, errno);
  write_all(out.get(), *file.content, file.path);
  if ((file.mode & umask_) != 0 && ::fchmod(out.get(), file.mode) != 0) tree_fault_errno(file.path, errno);
  if (!out.close()) tree_fault_errno(file.path, errno);
}

// Asked before anything is promised: past the journal there is no way back.
void TreeWriter::may_change(int directory, std::string_view shown) {
  if (::faccessat(directory, ".", W_OK | X_OK, AT_EACCESS) != 0) tree_fault_errno(shown.empty() ? output_ : shown, errno);
}

}  // namespace

std::string tree_fault(std::span<const TreeFile> files) { return fault_of(sorted(files)); }

TreeResult write_tree(const std::string& directory, std::span<const TreeFile> files, bool force) {
  const Files wanted = sorted(files);
  TreeResult result;
  result.error = fault_of(wanted);
  if (!result.error.empty()) return result;
  try {
    TreeWriter(directory, force).write(wanted, result);
  } catch (const TreeFault& fault) {
    result = {};
    result.error = fault.text;
  }
  return result;
}

}  // namespace tunec
