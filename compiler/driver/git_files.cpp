// Objects of libgit2 are freed in the order of GitFileSystem's members, the last first.
#include "driver/git_files.h"

#include <unistd.h>

#include <climits>
#include <cstdlib>

#include <fmt/core.h>

#include "driver/git_library.h"

namespace tunec {
namespace {

// Objects of libgit2 with the functions that free them.
using Repository = std::unique_ptr<git_repository, decltype(&git_repository_free)>;
using Object = std::unique_ptr<git_object, decltype(&git_object_free)>;
using Tree = std::unique_ptr<git_tree, decltype(&git_tree_free)>;
using Entry = std::unique_ptr<git_tree_entry, decltype(&git_tree_entry_free)>;
using Blob = std::unique_ptr<git_blob, decltype(&git_blob_free)>;

std::string reason(const Git& git) {
  const git_error* error = git.error_last();
  return error == nullptr ? "git gives no reason" : error->message;
}

// "/a/c" of "/a/./b/../c"
std::string normal(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < path.size();) {
    const std::size_t end = std::min(path.find('/', begin), path.size());
    const std::string part = path.substr(begin, end - begin);
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    begin = end + 1;
  }
  std::string text;
  for (const std::string& part : parts) text += "/" + part;
  return text.empty() ? "/" : text;
}

// The directory of a file without links in it, as git gives the directory of a repository; the file itself
// may be missing on the disk.
std::string absolute(const std::string& path) {
  std::string whole = path;
  if (!path.starts_with('/')) {
    char here[PATH_MAX];
    whole = getcwd(here, sizeof here) == nullptr ? path : fmt::format("{}/{}", here, path);
  }
  whole = normal(whole);
  std::string existing = whole, rest;
  char real[PATH_MAX];
  while (realpath(existing.c_str(), real) == nullptr) {
    const std::size_t slash = existing.rfind('/');
    if (slash == std::string::npos || slash == 0) return whole;
    rest = existing.substr(slash) + rest;
    existing.resize(slash);
  }
  return rest.empty() ? real : normal(real + rest);
}

class GitFileSystem final : public FileSystem {
 public:
  GitFileSystem(const Git& git, Repository repository, Tree tree)
      : git_(git),
        repository_(std::move(repository)),
        tree_(std::move(tree)),
        root_(git.repository_workdir(repository_.get())) {
    if (root_.ends_with('/')) root_.pop_back();
  }

  std::variant<std::string, ReadError> read(const std::string& path, std::size_t limit) const override {
    constexpr int max_links = 8;
    std::string wanted = inside(path);
    if (wanted.empty()) return disk_.read(path, limit);
    for (int link = 0; link < max_links; ++link) {
      const Entry entry = find(wanted);
      if (!entry) return ReadError{std::string(no_such_file)};
      if (git_.tree_entry_type(entry.get()) == GIT_OBJECT_TREE) return ReadError{"is a directory"};
      if (git_.tree_entry_type(entry.get()) != GIT_OBJECT_BLOB)
        return ReadError{"is in a submodule, which is not read"};
      git_blob* raw = nullptr;
      if (git_.blob_lookup(&raw, repository_.get(), git_.tree_entry_id(entry.get())) != 0)
        return ReadError{reason(git_)};
      const Blob blob(raw, git_.blob_free);
      const auto size = static_cast<std::size_t>(git_.blob_rawsize(blob.get()));
      if (size > limit)
        return ReadError{fmt::format("is {} bytes, more than the {} that tunec reads", size, limit)};
      std::string text(static_cast<const char*>(git_.blob_rawcontent(blob.get())), size);
      if (git_.tree_entry_filemode(entry.get()) != GIT_FILEMODE_LINK) return text;
      const std::size_t slash = wanted.rfind('/');
      const std::string folder = slash == std::string::npos ? root_ : root_ + "/" + wanted.substr(0, slash);
      const std::string target = text.starts_with('/') ? normal(text) : normal(folder + "/" + text);
      if (!target.starts_with(root_ + "/")) return disk_.read(target, limit);
      wanted = target.substr(root_.size() + 1);
    }
    return ReadError{"is a link to a link to a link, without end"};
  }

  std::vector<std::string> list(const std::string& directory) const override {
    const std::string whole = absolute(directory);
    if (whole != root_ && inside(directory).empty()) return disk_.list(directory);
    const git_tree* tree = tree_.get();
    Tree below(nullptr, git_.tree_free);
    if (whole != root_) {
      const Entry entry = find(inside(directory));
      git_tree* raw = nullptr;
      if (!entry || git_.tree_lookup(&raw, repository_.get(), git_.tree_entry_id(entry.get())) != 0)
        return {};
      below.reset(raw);
      tree = raw;
    }
    std::vector<std::string> names;
    for (std::size_t i = 0; i < git_.tree_entrycount(tree); ++i)
      names.emplace_back(git_.tree_entry_name(git_.tree_entry_byindex(tree, i)));
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  // Below the repository's directory; empty if it is not.
  std::string inside(const std::string& path) const {
    const std::string whole = absolute(path);
    return whole.starts_with(root_ + "/") ? whole.substr(root_.size() + 1) : "";
  }

  Entry find(const std::string& path) const {
    git_tree_entry* entry = nullptr;
    if (git_.tree_entry_bypath(&entry, tree_.get(), path.c_str()) != 0) entry = nullptr;
    return {entry, git_.tree_entry_free};
  }

  const Git& git_;
  DiskFileSystem disk_;
  Repository repository_;
  Tree tree_;
  std::string root_;
};

}  // namespace

GitResult open_revision(const std::string& near, const std::string& revision) {
  const auto opened = open_git();
  if (const auto* error = std::get_if<std::string>(&opened)) return *error;
  const Git& git = *std::get<const Git*>(opened);
  const std::string whole = absolute(near);
  const std::size_t slash = whole.rfind('/');
  git_repository* repository = nullptr;
  if (git.repository_open_ext(&repository, whole.substr(0, slash == 0 ? 1 : slash).c_str(), 0, nullptr) != 0)
    return fmt::format("no git repository can be opened for `{}`: {}", near, reason(git));
  Repository owned(repository, git.repository_free);
  if (git.repository_workdir(repository) == nullptr)
    return fmt::format("the git repository of `{}` has no files of its own (it is bare)", near);
  git_object* object = nullptr;
  if (git.revparse_single(&object, repository, revision.c_str()) != 0)
    return fmt::format("git knows no revision `{}`: {}", revision, reason(git));
  const Object found(object, git.object_free);
  git_object* tree = nullptr;
  if (git.object_peel(&tree, object, GIT_OBJECT_TREE) != 0)
    return fmt::format("`{}` is no revision with files: {}", revision, reason(git));
  return std::make_unique<GitFileSystem>(git, std::move(owned),
                                         Tree(reinterpret_cast<git_tree*>(tree), git.tree_free));
}

}  // namespace tunec
