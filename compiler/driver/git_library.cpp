#include "driver/git_library.h"

#include <dlfcn.h>

#include <fmt/core.h>

#include "base/file_system.h"

namespace tunec {

std::variant<const Git*, std::string> open_git() {
  static Git git;
  if (git.libgit2_init != nullptr) return &git;
  void* library = dlopen(TUNEC_LIBGIT2, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return fmt::format(
        "git revisions are read with libgit2, and {} cannot be loaded; on Debian and Ubuntu "
        "`apt install libgit2-1.5` or the version that they have",
        TUNEC_LIBGIT2);
#define TUNEC_GIT(name)                                                          \
  git.name = reinterpret_cast<decltype(git.name)>(dlsym(library, "git_" #name)); \
  if (git.name == nullptr) {                                                     \
    git.libgit2_init = nullptr;                                                  \
    return fmt::format("{} has no function {}", TUNEC_LIBGIT2, "git_" #name);    \
  }
#include "driver/git_functions.def"
#undef TUNEC_GIT
  git.libgit2_init();  // for the rest of the run
  return &git;
}

std::string git_reason(const Git& git) {
  const git_error* error = git.error_last();
  return error == nullptr ? "git gives no reason" : error->message;
}

std::variant<GitRepository, std::string> open_repository(const Git& git, const std::string& near) {
  const std::string whole = absolute_path(near);
  const std::size_t slash = whole.rfind('/');
  git_repository* raw = nullptr;
  if (git.repository_open_ext(&raw, whole.substr(0, slash == 0 ? 1 : slash).c_str(), 0, nullptr) != 0)
    return fmt::format("no git repository can be opened for `{}`: {}", near, git_reason(git));
  GitRepository repository(raw, git.repository_free);
  if (git.repository_workdir(raw) == nullptr)
    return fmt::format("the git repository of `{}` has no files of its own (it is bare)", near);
  return repository;
}

}  // namespace tunec
