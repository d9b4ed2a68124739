// libgit2, opened when a command first needs it: its sixteen libraries would triple the time in which tunec
// starts, and one command uses them.
#pragma once

#include <git2.h>

#include <memory>
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

// Why the last function failed.
std::string git_reason(const Git& git);

// Objects of libgit2 with the functions that free them. They are freed in the order of their owner's members,
// the last first: the repository stands before what is read from it.
using GitRepository = std::unique_ptr<git_repository, decltype(&git_repository_free)>;
using GitObject = std::unique_ptr<git_object, decltype(&git_object_free)>;

// `near`: a file or directory in the repository.
std::variant<GitRepository, std::string> open_repository(const Git& git, const std::string& near);

}  // namespace tunec
