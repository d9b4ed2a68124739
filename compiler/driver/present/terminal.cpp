// Colour and progress appear only on terminals. NO_COLOR (no-color.org) and a dumb terminal turn colour off.
#include "driver/present/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <fmt/core.h>

#include "base/table.h"
#include "diagnostics/snippet.h"

namespace tunec {
namespace {

bool progress_shown = false;  // the last line of the terminal is progress

void wipe_progress() {
  if (!progress_shown) return;
  std::fputs("\r\033[K", stderr);
  progress_shown = false;
}

bool may_colour(int descriptor) {
  using Colour = TerminalOptions::Colour;
  const Colour wanted = terminal_options().colour;
  if (wanted != Colour::automatic) return wanted == Colour::always;
  const char *no_colour = std::getenv("NO_COLOR"), *terminal = std::getenv("TERM");
  const bool is_dumb = terminal != nullptr && std::string_view(terminal) == "dumb";
  return isatty(descriptor) != 0 && !is_dumb && (no_colour == nullptr || *no_colour == '\0');
}

// Encloses a colour's name in a text for people. UTF-8 never contains this byte.
constexpr char colour_mark = '\xFE';

// Lines stay lines, and marks become colours. Everything else that would steer the terminal is shown as text.
std::string for_people(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(std::string_view("\n\xFE")), text.size());
    shown += printable(text.substr(0, end));
    if (end == text.size()) break;
    const bool is_colour = text[end] == colour_mark;
    text.remove_prefix(end + 1);
    if (!is_colour) {
      shown += '\n';
      continue;
    }
    const std::size_t close = std::min(text.find(colour_mark), text.size());
    shown.append("\033[").append(text.substr(0, close)).append("m");
    text.remove_prefix(std::min(close + 1, text.size()));
  }
  return shown;
}

void write_all(std::FILE* file, const std::string& text) { std::fwrite(text.data(), 1, text.size(), file); }

bool on_terminal() { return isatty(STDERR_FILENO) != 0; }

}  // namespace

TerminalOptions& terminal_options() {
  static TerminalOptions options;
  return options;
}

TextStyle output_style() { return {may_colour(STDOUT_FILENO)}; }

void say(const std::string& line) {
  wipe_progress();
  write_all(stderr, for_people(line) + "\n");
}

void say_result(const std::string& line) {
  if (!terminal_options().quiet) say(line);
}

void print(const std::string& data) { write_all(stdout, data); }

void print_json(const std::string& json) { write_all(stdout, escaped_json(json)); }

void print_text(const std::string& text) { write_all(stdout, for_people(text)); }

std::string in_colour(std::string_view text, std::string_view colour) {
  return fmt::format("{0}{1}{0}{2}{0}0{0}", colour_mark, colour, text);
}

void progress(const std::string& stage) {
  static const auto begin = std::chrono::steady_clock::now();
  if (!on_terminal() || terminal_options().quiet ||
      std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(300))
    return;
  wipe_progress();
  write_all(stderr, printable(stage) + "…");
  std::fflush(stderr);
  progress_shown = true;
}

ShownDiagnostics shown_diagnostics(const Compilation& compilation) {
  const TerminalOptions& options = terminal_options();
  const Reporter& reporter = compilation.reporter;
  ShownDiagnostics shown;
  for (Diagnostic& diagnostic : std::vector(reporter.sorted())) {
    if (!options.only.empty() && std::ranges::find(options.only, diagnostic.info->code) == options.only.end())
      continue;
    const bool is_error = diagnostic.severity == Severity::error,
               is_warning = diagnostic.severity == Severity::warning;
    ++(is_error ? shown.errors : is_warning ? shown.warnings : shown.notes);
    const bool counts = is_error || (options.strict && is_warning);
    shown.fails = shown.fails || counts;
    if (options.quiet && !counts) continue;
    if (options.max_shown == 0 || shown.diagnostics.size() < options.max_shown)
      shown.diagnostics.push_back(std::move(diagnostic));
  }
  // The reporter counts errors that it did not keep
  if (options.only.empty()) shown.errors = reporter.errors();
  return shown;
}

int print_diagnostics(const Compilation& compilation, MessageFormat format) {
  wipe_progress();
  const TerminalOptions& options = terminal_options();
  const TextStyle style{may_colour(STDERR_FILENO)};
  const ShownDiagnostics shown = shown_diagnostics(compilation);
  for (const Diagnostic& diagnostic : shown.diagnostics) {
    if (format == MessageFormat::json) {
      print_json(render_json(diagnostic, compilation.sources) + "\n");
    } else {
      write_all(stderr, render_text(diagnostic, compilation.sources, style) + "\n");
    }
  }
  std::string summary;
  if (shown.errors > 0) summary = counted(shown.errors, "error");
  if (shown.warnings > 0) summary += (summary.empty() ? "" : ", ") + counted(shown.warnings, "warning");
  if (shown.notes > 0) summary += (summary.empty() ? "" : ", ") + counted(shown.notes, "note");
  if (options.max_shown != 0 && shown.errors + shown.warnings + shown.notes > options.max_shown)
    summary += fmt::format("; the first {} are shown", options.max_shown);
  if (shown.errors > Reporter::max_errors)
    summary += fmt::format("; the first {} errors that were found are shown", Reporter::max_errors);
  if (!compilation.as.empty())
    summary = fmt::format("as if the hosts ran {}: {}", compilation.as,
                          summary.empty() ? "no errors" : summary);
  if (shown.fails && shown.errors == 0) summary += " (with --strict, warnings are errors)";
  if (format == MessageFormat::text && !summary.empty()) say_result(summary);
  if (!compilation.main_file_read) return exit_usage_or_io;
  return shown.fails ? exit_errors : exit_fine;
}

}  // namespace tunec
