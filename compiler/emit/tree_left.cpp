// The file: a line that says what it is, a hash of .tunec's lists, the text, and a hash of all that.
#include "emit/tree_left.h"

#include <atomic>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/parallel.h"
#include "emit/tree_cache.h"
#include "emit/tree_dir.h"
#include "emit/tree_index.h"
#include "emit/tree_source.h"

namespace tunec {
namespace {

constexpr std::string_view what = "tunec inputs 1\n";
constexpr std::size_t hash_size = 64;

// The output directory, for as long as nobody else writes to it.
struct LeftTree {
  Fd root, state, cache;
  bool quiet = false;

  explicit LeftTree(const std::string& directory) : root(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (root.get() < 0 || ::flock(root.get(), LOCK_EX | LOCK_NB) != 0) return;
    state = Fd(::openat(root.get(), ".tunec", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (state.get() < 0) return;
    cache = Fd(::openat(state.get(), "cache", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    quiet = cache.get() >= 0 && is_absent("journal") && is_absent("stage");  // else a run died
  }
  bool is_absent(const char* name) const {
    struct stat status{};
    return ::fstatat(state.get(), name, &status, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT;
  }
  std::string hash() const {
    return sha256_hex(sha256_hex(read_file(state.get(), "files", "").value_or("")) + sha256_hex(read_file(cache.get(), "files", "").value_or("")));
  }
};

std::vector<std::string_view> paths_of(std::string_view lines) {
  std::vector<std::string_view> paths;
  for (const IndexEntries entries(lines); const std::string_view path : entries.files) paths.push_back(path);
  return paths;
}

}  // namespace

std::optional<std::string> last_inputs(const std::string& directory) {
  try {
    const LeftTree tree(directory);
    if (!tree.quiet) return std::nullopt;
    const auto text = read_file(tree.cache.get(), "inputs", "");
    if (!text || !text->starts_with(what) || text->size() < what.size() + 2 * hash_size) return std::nullopt;
    const std::string_view all = std::string_view(*text).substr(0, text->size() - hash_size);
    if (sha256_hex(all) != text->substr(all.size()) || all.substr(what.size(), hash_size) != tree.hash()) return std::nullopt;
    return std::string(all.substr(what.size() + hash_size));
  } catch (const TreeFault&) {
    return std::nullopt;
  }
}

std::optional<std::size_t> files_as_left(const std::string& directory) {
  try {
    const LeftTree tree(directory);
    if (!tree.quiet) return std::nullopt;
    const TreeIndex index(read_file(tree.state.get(), "files", "").value_or(""));
    const TreeCache cache(tree.state.get());
    std::atomic<bool> all = true;
    std::atomic<std::size_t> files = 0;
    in_parallel(index.pieces().size(), pieces_in_batch, [&](std::size_t i) {
      const IndexPiece& piece = index.pieces()[i];
      const auto records = cache.of(piece.top);
      const auto paths = paths_of(piece.lines);
      if (paths.size() != records.size()) all = false;
      for (std::size_t file = 0; all && file < paths.size(); ++file) {
        struct stat status{};
        const bool there = ::fstatat(tree.root.get(), std::string(paths[file]).c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
        if (!there || !S_ISREG(status.st_mode) || !cache.holds(records[file], status)) all = false;
      }
      files += paths.size();
    });
    return all ? std::optional(files.load()) : std::nullopt;
  } catch (const TreeFault&) {
    return std::nullopt;
  }
}

void keep_inputs(const std::string& directory, std::string_view inputs) {
  try {
    const LeftTree tree(directory);
    if (!tree.quiet) return;
    std::string text = std::string(what) + tree.hash() + std::string(inputs);
    text += sha256_hex(text);
    ::unlinkat(tree.cache.get(), "inputs.new", 0);
    write_file(tree.cache.get(), "inputs.new", {{text}}, "");
    ::renameat(tree.cache.get(), "inputs.new", tree.cache.get(), "inputs");
  } catch (const TreeFault&) {  // then the next run computes
  }
}

}  // namespace tunec
