// tunec fmt: formats files in one style. It changes only blanks and line ends.
#include <algorithm>

#include <fmt/core.h>

#include "base/file_system.h"
#include "base/text_diff.h"
#include "driver/cli/site_arguments.h"
#include "format/format.h"
#include "output/replace_file.h"
#include "site/standard_input.h"
#include "syntax/parse.h"

namespace tunec {
namespace {

constexpr std::size_t max_tune_bytes = std::size_t{16} << 20;

struct Options {
  std::vector<std::string> files;
  bool check = false, diff = false;
};

int fault(const std::string& text) {
  say("tunec: " + text);
  return exit_usage_or_io;
}

// Why a text, or a part of it, was not formatted.
int report_mistakes(Compilation& compilation, FileId file) {
  parse(file, compilation.sources, compilation.reporter);
  compilation.main_file_read = true;
  print_diagnostics(compilation, MessageFormat::text);
  return exit_errors;
}

int write_result(const Options& options, const std::string& path, const std::string& old_text,
                 const std::string& new_text) {
  const bool from_input = path == standard_input;
  if (from_input && !options.check && !options.diff) {
    print(new_text);
    return exit_fine;
  }
  if (old_text == new_text) return exit_fine;
  const std::string shown = from_input ? "standard input" : path;
  if (options.diff) print_text(unified_diff(shown, old_text, shown + " (formatted)", new_text));
  else if (options.check) print_text(shown + "\n");
  if (options.check) return exit_errors;
  if (options.diff) return exit_fine;
  if (const std::string error = rewrite_file(path, new_text); !error.empty()) return fault(error);
  say_result("formatted " + path);
  return exit_fine;
}

int format_file(const Options& options, const std::string& path) {
  auto read = site_files().read(path, max_tune_bytes);
  if (const auto* error = std::get_if<ReadError>(&read))
    return fault(fmt::format("{}: {}", path, error->reason));
  const std::string& text = std::get<std::string>(read);
  if (const auto bad = first_bad_utf8(text))
    return fault(fmt::format("{}: byte {} is not UTF-8", path, *bad));
  const auto compilation = std::make_unique<Compilation>();
  const FileId file = compilation->sources.add(path, text);
  const Formatted formatted = format_source(compilation->sources.text(file));
  const int mistakes = formatted.whole ? exit_fine : report_mistakes(*compilation, file);
  return std::max(mistakes, write_result(options, path, text, formatted.text));
}

int format_all(const Options& options) {
  int status = exit_fine;
  for (const std::string& path : options.files) {
    if (const auto below = files_below(path, ".tune"))
      for (const std::string& file : *below) status = std::max(status, format_file(options, file));
    else status = std::max(status, format_file(options, path));
  }
  return status;
}

}  // namespace

Command command_fmt() {
  const auto o = std::make_shared<Options>();
  Command command{
      .name = "fmt",
      .summary = "Format tune files in tunec's one style",
      .details =
          "Only blanks and line ends change: two blanks a level, two blanks between statements on one line, "
          "`=` and comments "
          "aligned within a group of lines, at most one blank line. What stands on several lines stays on "
          "several lines. A block "
          "on one line stays there, unless it is longer than 180 characters.\n\n"
          "Files that change are replaced in one step and named. A declaration with a syntax error stays as "
          "it is, and the error is "
          "reported. `-` reads standard input and writes standard output.",
      .options = {{.name = "FILE",
                   .help = "Files, or directories with all `.tune` files below them; - is standard input",
                   .binding = store_in(o->files),
                   .required = true,
                   .completion = Completion::tune_file},
                  {.name = "--check",
                   .help = "Write nothing; list the files that are not formatted, and fail if there are any",
                   .binding = store_in(o->check)},
                  {.name = "--diff",
                   .help = "Write nothing; show what would change as a unified diff",
                   .binding = store_in(o->diff)}},
      .examples = {{"tunec fmt site.tune", "formats a file"},
                   {"tunec fmt --check .", "lists what is not formatted, for a pipeline"},
                   {"tunec fmt - <site.tune", "is for editors"}},
      .run = [o] { return format_all(*o); }};
  for (Option& option : terminal_arguments()) command.options.push_back(std::move(option));
  return command;
}

}  // namespace tunec
