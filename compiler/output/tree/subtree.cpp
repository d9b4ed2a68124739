#include "output/tree/subtree.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <set>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "output/tree/file_list.h"
#include "output/tree/paths.h"

namespace tunec {
namespace {

// The state of a file on the disk, compared with the wanted one.
enum class FileState { absent, same, other_mode, different };

class Stager {
 public:
  Stager(const TreeRun& run, const FormerSubtree& former, const std::vector<TreeFile>& files)
      : run_(run),
        files_(files),
        former_(former.lines),
        recorded_(former.records),
        records_(files.size()),
        real_(run.root, DirWalk::Missing::report) {}
  SubtreeResult stage();

 private:
  void plan_removals();
  bool will_be_empty(std::string_view directory);
  void enter(std::string_view directory);
  void handle(const TreeFile& file, FileRecord& record);
  FileState state_of(const TreeFile& file, const std::string& name, FileRecord& record);
  void stage(const TreeFile& file, std::string_view directory, const std::string& name, FileRecord& record);
  bool is_as_recorded(const TreeFile& file, const struct stat& status) const;
  void may_change(int directory, std::string_view shown);
  bool same_bytes(int fd, std::size_t size, std::string_view content);
  bool ours(std::string_view path) const {
    return std::ranges::binary_search(former_.files, path, path_less);
  }
  bool goes_away(std::string_view path) const {
    return vanishing_.contains(path) || std::ranges::binary_search(result_.changes.removals, path, path_less);
  }

  const TreeRun& run_;
  const std::vector<TreeFile>& files_;
  ListedPaths former_;
  std::span<const FileRecord> recorded_;
  std::vector<FileRecord> records_;
  SubtreeResult result_;
  std::vector<std::string_view> directories_;     // ours after this run
  std::set<std::string, std::less<>> vanishing_;  // directories that the removals will delete
  DirWalk real_;
  std::optional<DirWalk> stage_;
  std::string_view current_;       // the directory being filled,
  std::optional<int> current_fd_;  // if it exists already,
  bool current_checked_ = false;   // and whether it was checked to be writable
  // Whether some file had to be read to find that it is up to date
  bool in_doubt_ = false;
  std::array<char, 65536> buffer_;
};

SubtreeResult Stager::stage() {
  plan_removals();
  current_fd_ = run_.root;
  for (std::size_t i = 0; i < files_.size(); ++i) handle(files_[i], records_[i]);
  std::ranges::sort(directories_, path_less);
  std::vector<std::string_view> paths;
  for (const TreeFile& file : files_) paths.emplace_back(file.path);
  result_.files = files_.size();
  result_.relisted = paths != former_.files || directories_ != former_.directories;
  if (result_.relisted) result_.lines = list_lines(paths, directories_);
  // A file that had to be read is recorded, so that the next run need not read it. A file that gets another
  // mode alone still has the record of the former run, and will have another.
  result_.rerecorded = in_doubt_ || !result_.touched.empty() || !std::ranges::equal(records_, recorded_);
  if (result_.rerecorded) result_.records = std::move(records_);
  return std::move(result_);
}

// Our files of former runs that are no longer wanted, and our directories that become empty without them. If
// one of them is no longer a regular file, somebody else replaced it.
void Stager::plan_removals() {
  auto wanted = files_.begin();
  for (const std::string_view former : former_.files) {
    while (wanted != files_.end() && path_less(wanted->path, former)) ++wanted;
    if (wanted != files_.end() && wanted->path == former) continue;
    const auto [directory, name] = split_path(former);
    const std::optional<int> fd = real_.enter_if_clear(directory);
    struct stat status {};
    if (!fd || ::fstatat(*fd, std::string(name).c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (!S_ISREG(status.st_mode)) continue;
    if (!may_remove(*fd, former, run_.options.is_ours)) continue;
    may_change(*fd, directory);
    result_.changes.removals.emplace_back(former);
  }
  for (auto directory = former_.directories.rbegin(); directory != former_.directories.rend(); ++directory) {
    const auto first = std::ranges::lower_bound(files_, *directory, path_less, &TreeFile::path);
    const bool needed = first != files_.end() && inside(first->path, *directory);
    const bool exists = !needed && real_.enter_if_clear(*directory).has_value();
    if (!exists) continue;
    if (!will_be_empty(*directory)) {
      directories_.push_back(*directory);
      continue;
    }
    vanishing_.emplace(*directory);
    result_.changes.emptied.emplace_back(*directory);
  }
}

bool Stager::will_be_empty(std::string_view directory) {
  const std::optional<int> fd = real_.enter_if_clear(directory);
  if (!fd) return false;
  return std::ranges::all_of(names_in(*fd, std::string(directory)), [&](const std::string& name) {
    return goes_away(fmt::format("{}/{}", directory, name));
  });
}

// Opens the directories on the way that the previous file did not share. The outermost new one is moved as a
// whole.
void Stager::enter(std::string_view directory) {
  current_checked_ = false;
  current_fd_ = run_.root;
  for (std::size_t end = 0; end < directory.size();) {
    end = std::min(directory.find('/', end + 1), directory.size());
    const std::string_view part = directory.substr(0, end);
    const bool parent_is_new = !current_fd_.has_value();
    const bool entered = part == current_ || inside(current_, part);
    if (!parent_is_new) {
      const int parent = *current_fd_;
      current_fd_ = goes_away(part) ? std::nullopt : real_.enter(part);
      if (!current_fd_ && !entered) {
        may_change(parent, split_path(part).first);
        result_.changes.renames.emplace_back(part);
      }
    }
    if (!entered && (!current_fd_ || std::ranges::binary_search(former_.directories, part, path_less))) {
      directories_.push_back(part);
    }
  }
  current_ = directory;
}

void Stager::handle(const TreeFile& file, FileRecord& record) {
  const auto [directory, view] = split_path(file.path);
  const std::string name(view);
  if (directory != current_) enter(directory);
  const FileState found = current_fd_ ? state_of(file, name, record) : FileState::absent;
  if (found == FileState::same) {
    ++result_.unchanged;
    return;
  }
  ++result_.written;
  if (current_fd_) result_.touched.emplace_back(&record - records_.data(), file.path);
  if (found == FileState::other_mode) {
    result_.changes.modes.emplace_back(file.mode, file.path);
    return;
  }
  if (current_fd_) {
    if (!current_checked_) may_change(*current_fd_, directory);
    current_checked_ = true;
    result_.changes.renames.push_back(file.path);
  }
  stage(file, directory, name, record);
}

FileState Stager::state_of(const TreeFile& file, const std::string& name, FileRecord& record) {
  const Fd fd(::openat(*current_fd_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) {
    if (errno == ENOENT) return FileState::absent;
    if (errno == ELOOP)
      tree_fault_at(file.path, "is a symbolic link, which is neither followed nor replaced");
    tree_fault_errno(file.path, errno);
  }
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) tree_fault_errno(file.path, errno);
  if (S_ISDIR(status.st_mode) && vanishing_.contains(file.path)) return FileState::absent;
  if (!S_ISREG(status.st_mode))
    tree_fault_at(file.path, S_ISDIR(status.st_mode) ? "is a directory" : "is not a regular file");
  record = record_of(status, file.fingerprint);
  const bool recorded = is_as_recorded(file, status);
  if (recorded || same_bytes(fd.get(), record.size, *content_of(file))) {
    in_doubt_ = in_doubt_ || !recorded;
    return (status.st_mode & 07777U) == file.mode ? FileState::same : FileState::other_mode;
  }
  if (!run_.options.force && !ours(file.path)) {
    tree_fault_at(file.path,
                  "is in the way: it was not written by tunec, and differs from what tunec would write");
  }
  return FileState::different;
}

// By inode: a file may have been moved since it was recorded.
bool Stager::is_as_recorded(const TreeFile& file, const struct stat& status) const {
  if (run_.options.read_all || !file.fingerprint.known()) return false;
  const auto record = std::ranges::find(recorded_, status.st_ino, &FileRecord::inode);
  return record != recorded_.end() && record->fingerprint == file.fingerprint &&
         run_.cache.holds(*record, status);
}

bool Stager::same_bytes(int fd, std::size_t size, std::string_view content) {
  if (size != content.size()) return false;
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

void Stager::stage(const TreeFile& file, std::string_view directory, const std::string& name,
                   FileRecord& record) {
  if (!stage_) stage_.emplace(run_.stage.root(), DirWalk::Missing::create, ".tunec/stage/");
  const int fd = stage_->enter(directory).value_or(-1);
  Fd out(::openat(fd, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, file.mode));
  if (out.get() < 0) tree_fault_errno(file.path, errno);
  write_all(out.get(), *content_of(file), file.path);
  if ((file.mode & run_.umask) != 0 && ::fchmod(out.get(), file.mode) != 0)
    tree_fault_errno(file.path, errno);
  struct stat status {};
  if (::fstat(out.get(), &status) != 0) tree_fault_errno(file.path, errno);
  record = record_of(status, file.fingerprint);
  if (!out.close()) tree_fault_errno(file.path, errno);
}

// Checked before the journal is written, since changes cannot be undone after that.
void Stager::may_change(int directory, std::string_view shown) {
  if (::faccessat(directory, ".", W_OK | X_OK, AT_EACCESS) != 0)
    tree_fault_errno(shown.empty() ? std::string_view(run_.output) : shown, errno);
}

// Whether the wanted files are exactly the listed and recorded ones, so that none has to be opened.
bool is_up_to_date(const TreeRun& run, FormerSubtree former, const std::vector<TreeFile>& files) {
  if (run.options.read_all || files.empty() || former.records.size() != files.size()) return false;
  RealDirectories directories(run.root);
  for (std::size_t i = 0; i < files.size(); ++i) {
    const std::string& path = files[i].path;
    std::string_view line = next_line(former.lines);
    while (line.ends_with('/') && inside(path, line.substr(0, line.size() - 1)))
      line = next_line(former.lines);
    const FileRecord& record = former.records[i];
    if (line != path || !files[i].fingerprint.known() || record.fingerprint != files[i].fingerprint)
      return false;
    struct stat status {};
    if (!directories.lead_to(path) || ::fstatat(run.root, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        status.st_mode != (S_IFREG | files[i].mode))
      return false;
    if (!run.cache.holds(record, status)) return false;
  }
  return former.lines.empty();
}

}  // namespace

int StagingDirectory::root() {
  std::call_once(made_, [this] {
    if (::mkdirat(state_, "stage", 0777) != 0) tree_fault_errno(".tunec/stage", errno);
    root_ = Fd(::openat(state_, "stage", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (root_.get() < 0) tree_fault_errno(".tunec/stage", errno);
  });
  return root_.get();
}

SubtreeResult stage_subtree(const TreeRun& run, const FormerSubtree& former,
                            const std::vector<TreeFile>& files) {
  if (const std::string fault = tree_fault(files); !fault.empty()) throw TreeFault{fault};
  if (!is_up_to_date(run, former, files)) return Stager(run, former, files).stage();
  SubtreeResult result;
  result.files = result.unchanged = files.size();
  return result;
}

bool is_unchanged(int root, const StatCache& cache, FormerSubtree former) {
  RealDirectories directories(root);
  std::string path;  // a path that ends in a NUL byte
  for (const FileRecord& record : former.records) {
    std::string_view line = next_line(former.lines);
    while (line.ends_with('/')) line = next_line(former.lines);
    path = line;
    struct stat status {};
    if (!directories.lead_to(path) || ::fstatat(root, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(status.st_mode) || !cache.holds(record, status))
      return false;
  }
  while (!former.lines.empty()) {
    if (!next_line(former.lines).ends_with('/')) return false;
  }
  return true;
}

void record_touched(const TreeRun& run, SubtreeResult& result) {
  for (const auto& [file, path] : result.touched) {
    FileRecord& record = result.records[file];
    struct stat status {};
    const bool there = ::fstatat(run.root, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
    const FileRecord now = record_of(status, record.fingerprint);
    record = there && now.same_bytes(record) ? now : FileRecord();
  }
}

}  // namespace tunec
