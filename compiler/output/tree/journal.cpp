// The journal is a list of lines, "VERB PATH", between a head and an end. It is moved into place when it is
// complete. So if it exists, everything that it needs is on the stage.
#include "output/tree/journal.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <iterator>
#include <optional>
#include <unordered_set>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lines.h"
#include "base/parallel.h"
#include "output/tree/directory.h"
#include "output/tree/paths.h"

namespace tunec {
namespace {

constexpr std::string_view head = "tunec journal 1";
constexpr const char* damaged = "is damaged: remove it, or restore the directory";

std::string journal_text(const TreeChanges& changes) {
  std::string text = fmt::format("{}\n", head);
  const auto lines = [&text](std::string_view verb, const std::vector<std::string>& paths) {
    for (const std::string& path : paths) text.append(verb).append(" ").append(path).append("\n");
  };
  lines("remove", changes.removals);
  lines("rmdir", changes.emptied);
  lines("rename", changes.renames);
  for (const auto& [mode, path] : changes.modes) text += fmt::format("chmod-{:o} {}\n", mode, path);
  return text + "end\n";
}

void add_change(TreeChanges& changes, std::string_view verb, std::string path) {
  constexpr std::string_view chmod = "chmod-";
  if (path_fault(path) != nullptr) tree_fault_at(".tunec/journal", damaged);
  if (verb == "remove") {
    changes.removals.push_back(std::move(path));
  } else if (verb == "rmdir") {
    changes.emptied.push_back(std::move(path));
  } else if (verb == "rename") {
    changes.renames.push_back(std::move(path));
  } else if (verb.starts_with(chmod)) {
    unsigned mode = 0;
    std::from_chars(verb.data() + chmod.size(), verb.data() + verb.size(), mode, 8);
    changes.modes.emplace_back(mode & 07777U, std::move(path));
  } else {
    tree_fault_at(".tunec/journal", damaged);
  }
}

TreeChanges parse_journal(std::string_view text) {
  if (next_line(text) != head) tree_fault_at(".tunec/journal", damaged);
  TreeChanges changes;
  for (std::string_view line = next_line(text); line != "end" || !text.empty(); line = next_line(text)) {
    const std::size_t blank = line.find(' ');
    if (blank == std::string_view::npos) tree_fault_at(".tunec/journal", damaged);
    add_change(changes, line.substr(0, blank), std::string(line.substr(blank + 1)));
  }
  return changes;
}

// A journal may remove only listed files, since it may come from a repository.
void keep_listed(int root, int state, const IsOurs& is_ours, TreeChanges& changes) {
  const std::string list = read_file(state, "files", ".tunec/files").value_or("");
  std::unordered_set<std::string_view> listed;
  for (std::string_view rest = list; !rest.empty();) listed.insert(next_line(rest));
  DirWalk real(root, DirWalk::Missing::report);
  std::erase_if(changes.removals, [&](const std::string& path) {
    const std::optional<int> directory = real.enter_if_clear(split_path(path).first);
    return !listed.contains(path) || (directory && !may_remove(*directory, path, is_ours));
  });
}

// ENOENT: it was removed before. EISDIR, ENOTDIR, ENOTEMPTY: it was removed before, and a later change put
// something there.
void remove(DirWalk& walk, const std::string& path, int flags) {
  const auto [directory, name] = split_path(path);
  const std::optional<int> fd = walk.enter_if_clear(directory);
  if (!fd || ::unlinkat(*fd, std::string(name).c_str(), flags) == 0) return;
  constexpr int done[] = {ENOENT, EISDIR, ENOTDIR, ENOTEMPTY, EEXIST};
  if (std::ranges::find(done, errno) == std::end(done)) tree_fault_errno(path, errno);
}

void move_into_place(DirWalk& stage, DirWalk& real, const std::string& path) {
  const auto [directory, view] = split_path(path);
  const std::string name(view);
  const std::optional<int> from = stage.enter(directory);
  struct stat status {};
  if (!from || ::fstatat(*from, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return;  // done before
  const std::optional<int> to = real.enter(directory);
  if (!to) tree_fault_at(path, "its directory went away while we wrote");
  if (is_symlink(*to, name.c_str())) tree_fault_at(path, "is a symbolic link, which is not replaced");
  if (::renameat(*from, name.c_str(), *to, name.c_str()) != 0) tree_fault_errno(path, errno);
}

void set_mode(DirWalk& walk, unsigned mode, const std::string& path) {
  const auto [directory, name] = split_path(path);
  const std::optional<int> fd = walk.enter(directory);
  if (!fd) return;
  const Fd file(::openat(*fd, std::string(name).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0 || ::fchmod(file.get(), mode) != 0) tree_fault_errno(path, errno);
}

void rename_state(int state, const char* from, const char* to) {
  if (::renameat(state, from, state, to) != 0 && errno != ENOENT)
    tree_fault_errno(fmt::format(".tunec/{}", to), errno);
}

}  // namespace

bool may_remove(int directory, std::string_view path, const IsOurs& is_ours) {
  if (!is_ours) return true;
  const std::string name(split_path(path).second);
  const Fd fd(::openat(directory, name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  std::array<char, 256> begin{};
  const ssize_t count = fd.get() < 0 ? 0 : ::read(fd.get(), begin.data(), begin.size());
  return is_ours(path, {begin.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))});
}

void TreeChanges::add(TreeChanges more) {
  const auto take = [](auto& to, auto& from) { std::ranges::move(from, std::back_inserter(to)); };
  take(removals, more.removals);
  take(emptied, more.emptied);
  take(renames, more.renames);
  take(modes, more.modes);
}

void write_journal(int state, const TreeChanges& changes, const std::vector<std::string_view>* list) {
  const std::string journal = journal_text(changes);
  if (list != nullptr) write_file(state, "files.new", *list, ".tunec/files.new");
  write_file(state, "journal.new", {{journal}}, ".tunec/journal.new");
  rename_state(state, "journal.new", "journal");
  ::fsync(state);  // this may fail: not every file system syncs directories
}

void apply_changes(int root, int state, const TreeChanges& changes) {
  {
    DirWalk real(root, DirWalk::Missing::report);
    for (const std::string& path : changes.removals) remove(real, path, 0);
    for (const std::string& path : changes.emptied) remove(real, path, AT_REMOVEDIR);
  }
  // A separate walk: a directory that was just removed must not be taken for a new one of the same name.
  const Fd staged(::openat(state, "stage", O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (staged.get() >= 0) {
    DirWalk stage(staged.get(), DirWalk::Missing::report, ".tunec/stage/");
    DirWalk real(root, DirWalk::Missing::report);
    for (const std::string& path : changes.renames) move_into_place(stage, real, path);
  }
  DirWalk real(root, DirWalk::Missing::report);
  for (const auto& [mode, path] : changes.modes) set_mode(real, mode, path);
  rename_state(state, "files.new", "files");
  if (::unlinkat(state, "journal", 0) != 0) tree_fault_errno(".tunec/journal", errno);
  discard_stage(state);
}

void finish_former_run(int root, int state, const IsOurs& is_ours) {
  if (const auto text = read_file(state, "journal", ".tunec/journal")) {
    TreeChanges changes = parse_journal(*text);
    keep_listed(root, state, is_ours, changes);
    const SignalsHeld held;
    apply_changes(root, state, changes);
  } else {
    discard_stage(state);
  }
}

void discard_stage(int state) {
  if (is_symlink(state, "stage")) tree_fault_at(".tunec/stage", "is a symbolic link, which is not followed");
  if (const Fd stage(::openat(state, "stage", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      stage.get() >= 0) {
    const std::vector<std::string> names = names_in(stage.get(), ".tunec/stage");
    in_parallel(names.size(), [&](std::size_t i) {
      remove_all(stage.get(), names[i], fmt::format(".tunec/stage/{}", names[i]));
    });
  }
  for (const char* name : {"stage", "files.new", "journal.new", "shard.new"})
    remove_all(state, name, fmt::format(".tunec/{}", name));
}

}  // namespace tunec
