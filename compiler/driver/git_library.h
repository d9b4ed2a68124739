// libgit2, opened when a command first needs it: its sixteen libraries would triple the time in which tunec
// starts, and one command uses them.
#pragma once

#include <git2.h>

#include <string>
#include <variant>

namespace tunec {

struct Git {
#define TUNEC_GIT(name) decltype(&::git_##name) name = nullptr;
#include "driver/git_functions.def"
#undef TUNEC_GIT
};

// The functions, after initialisation; or why there are none.
std::variant<const Git*, std::string> open_git();

}  // namespace tunec
