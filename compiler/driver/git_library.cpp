#include "driver/git_library.h"

#include <dlfcn.h>

#include <fmt/core.h>

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

}  // namespace tunec
