#include "driver/git_files.h"

#include <unistd.h>

#include <climits>
#include <cstdlib>

#include <fmt/core.h>

#include "driver/git_library.h"

namespace tunec {
namespace {

using Tree = std::unique_ptr<git_tree, decltype(&git_tree_free)>;
using Entry = std::unique_ptr<git_tree_entry, decltype(&git_tree_entry_free)>;
using Blob = std::unique_ptr<git_blob, decltype(&git_blob_free)>;

std::string without_links(const std::string& path) {
  char real[PATH_MAX];
  return realpath(path.c_str(), real) == nullptr ? "" : real;
}

class GitFileSystem final : public RevisionFiles {
 public:
  GitFileSystem(const Git& git, GitRepository repository, Tree tree)
      : git_(git),
        repository_(std::move(repository)),
        tree_(std::move(tree)),
        root_(git.repository_workdir(repository_.get())) {
    if (root_.ends_with('/')) root_.pop_back();
    root_ = without_links(root_);
  }

  bool is_inside(const std::string& path) const override { return !inside(path).empty(); }

  std::variant<std::string, ReadError> read(const std::string& path, std::size_t limit) const override {
    const std::string wanted = inside(path);
    if (wanted.empty()) return disk_.read(path, limit);
    const Followed at = follow(wanted);
    if (!at.fault.empty()) return ReadError{at.fault};
    if (!at.outside.empty()) return disk_.read(at.outside, limit);
    if (git_.tree_entry_type(at.entry.get()) == GIT_OBJECT_TREE) return ReadError{"is a directory"};
    git_blob* raw = nullptr;
    if (git_.blob_lookup(&raw, repository_.get(), git_.tree_entry_id(at.entry.get())) != 0)
      return ReadError{git_reason(git_)};
    const Blob blob(raw, git_.blob_free);
    const auto size = static_cast<std::size_t>(git_.blob_rawsize(blob.get()));
    if (size > limit)
      return ReadError{fmt::format("is {} bytes, more than the {} that tunec reads", size, limit)};
    return std::string(static_cast<const char*>(git_.blob_rawcontent(blob.get())), size);
  }

  std::vector<std::string> list(const std::string& directory) const override {
    const std::string below = inside(directory);
    const bool is_root = without_links(absolute_path(directory)) == root_;
    if (below.empty() && !is_root) return disk_.list(directory);
    const git_tree* tree = tree_.get();
    Tree found(nullptr, git_.tree_free);
    if (!is_root) {
      const Followed at = follow(below);
      if (!at.outside.empty()) return disk_.list(at.outside);
      git_tree* raw = nullptr;
      if (!at.fault.empty() ||
          git_.tree_lookup(&raw, repository_.get(), git_.tree_entry_id(at.entry.get())) != 0)
        return {};
      found.reset(raw);
      tree = raw;
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < git_.tree_entrycount(tree); ++i)
      names.emplace_back(git_.tree_entry_name(git_.tree_entry_byindex(tree, i)));
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  struct Followed {
    Entry entry;
    std::string outside;  // the target of a link that leads out of the repository
    std::string fault;
  };

  // The path below the repository's directory; empty if it is outside. Links within the repository are read
  // from the revision, not from the disk. Only the path to the repository is looked up on the disk.
  std::string inside(const std::string& path) const {
    const std::string whole = absolute_path(path);
    for (std::size_t slash = whole.find('/', 1); slash != std::string::npos;
         slash = whole.find('/', slash + 1)) {
      if (without_links(whole.substr(0, slash)) == root_) return whole.substr(slash + 1);
    }
    return "";
  }

  Entry find(const std::string& path) const {
    git_tree_entry* entry = nullptr;
    if (git_.tree_entry_bypath(&entry, tree_.get(), path.c_str()) != 0) entry = nullptr;
    return {entry, git_.tree_entry_free};
  }

  std::string link_target(const git_tree_entry* entry) const {
    git_blob* raw = nullptr;
    if (git_.blob_lookup(&raw, repository_.get(), git_.tree_entry_id(entry)) != 0) return "";
    const Blob blob(raw, git_.blob_free);
    return {static_cast<const char*>(git_.blob_rawcontent(blob.get())),
            static_cast<std::size_t>(git_.blob_rawsize(blob.get()))};
  }

  // The entry of a path below the repository. Follows at most this many links of the revision (as Linux
  // does).
  Followed follow(const std::string& path, int max_links = 40) const {
    for (std::size_t end = path.find('/');; end = path.find('/', end + 1)) {
      const std::string part = path.substr(0, end);
      Entry entry = find(part);
      if (!entry) return {std::move(entry), "", std::string(no_such_file)};
      if (git_.tree_entry_type(entry.get()) == GIT_OBJECT_COMMIT)
        return {std::move(entry), "", "is in a submodule, which is not read"};
      if (git_.tree_entry_filemode(entry.get()) != GIT_FILEMODE_LINK) {
        if (end == std::string::npos) return {std::move(entry), "", ""};
        continue;
      }
      if (max_links == 0) return {std::move(entry), "", "is a link to itself"};
      const std::string target = link_target(entry.get());
      const std::size_t slash = part.rfind('/');
      const std::string folder = slash == std::string::npos ? root_ : root_ + "/" + part.substr(0, slash);
      const std::string rest = end == std::string::npos ? "" : path.substr(end);
      const std::string whole = absolute_path((target.starts_with('/') ? target : folder + "/" + target) +
                                              rest);
      if (!whole.starts_with(root_ + "/")) return {std::move(entry), whole, ""};
      return follow(whole.substr(root_.size() + 1), max_links - 1);
    }
  }

  const Git& git_;
  DiskFileSystem disk_;
  GitRepository repository_;
  Tree tree_;
  std::string root_;
};

}  // namespace

GitResult open_revision(const std::string& near, const std::string& revision) {
  const auto opened = open_git();
  if (const auto* error = std::get_if<std::string>(&opened)) return *error;
  const Git& git = *std::get<const Git*>(opened);
  auto found_repository = open_repository(git, near);
  if (const auto* error = std::get_if<std::string>(&found_repository)) return *error;
  GitRepository owned = std::move(std::get<GitRepository>(found_repository));
  git_object* object = nullptr;
  if (git.revparse_single(&object, owned.get(), revision.c_str()) != 0)
    return fmt::format("git knows no revision `{}`: {}", revision, git_reason(git));
  const GitObject found(object, git.object_free);
  git_object* tree = nullptr;
  if (git.object_peel(&tree, object, GIT_OBJECT_TREE) != 0)
    return fmt::format("`{}` is no revision with files: {}", revision, git_reason(git));
  return std::make_unique<GitFileSystem>(git, std::move(owned),
                                         Tree(reinterpret_cast<git_tree*>(tree), git.tree_free));
}

}  // namespace tunec
