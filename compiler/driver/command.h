// One sub-command. Each file in driver/commands/ defines one, and the build collects them.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "diagnostics/render.h"
#include "driver/kept.h"
#include "driver/pipeline.h"

namespace tunec {

enum ExitCode { exit_fine = 0, exit_errors = 1, exit_usage_or_io = 2 };

struct Command {
  // Declares itself and its options; its callback leaves the exit code in `status`.
  void (*declare)(CLI::App& app, int& status);
};
std::span<const Command* const> all_commands();

// The options that every command on a site has.
struct SiteArguments {
  SiteOptions options;
  std::string today;
  void declare(CLI::App& command);
  // Reads --today and looks at --stdlib. False, after saying so, if one of them is nothing.
  bool complete();
};

inline constexpr auto today_help =
    "The day by which waivers have ended, as 2026-11-30; today's, in UTC, if not given";
// The one look at a clock: which day it is decides whether a waiver has ended, and nothing else.
Date today_by_the_clock();

enum class MessageFormat { text, json };

// An option that takes one of a few words.
template <class T>
void one_of(CLI::Option* option, std::vector<std::pair<std::string, T>> words) {
  option->transform([words](const std::string& given) {
    std::string known;
    for (const auto& [word, value] : words) {
      if (word == given) return std::to_string(static_cast<int>(value));
      known += (known.empty() ? "" : " or ") + word;
    }
    throw CLI::ValidationError(fmt::format("it is {}, not `{}`", known, given));
  });
}

// A host of the plan; nothing, after saying so, if there is none of that name.
const HostPlan* find_host(const Compilation& compilation, const std::string& name);

// All diagnostics: text to standard error with a summary, JSON to standard output, an object a line. Gives
// the exit code.
int print_diagnostics(const Compilation& compilation, MessageFormat format);

void say(const std::string& line);    // to standard error
void print(const std::string& text);  // to standard output
bool on_terminal();                   // standard error is one
TextStyle output_style();             // of what goes to standard output

// On long runs, the stage's name on a terminal; gone when the next one begins.
void progress(const std::string& stage);

}  // namespace tunec
