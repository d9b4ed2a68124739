// Colour and progress appear on terminals only, and no colour where NO_COLOR is set (no-color.org), nor on a
// terminal that is dumb.
#include "driver/present/terminal.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <fmt/core.h>

#include "base/table.h"

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
  write_all(stderr, line + "\n");
}

void say_result(const std::string& line) {
  if (!terminal_options().quiet) say(line);
}

void print(const std::string& text) { write_all(stdout, text); }

void progress(const std::string& stage) {
  static const auto begin = std::chrono::steady_clock::now();
  if (!on_terminal() || terminal_options().quiet ||
      std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(300))
    return;
  wipe_progress();
  write_all(stderr, stage + "…");
  std::fflush(stderr);
  progress_shown = true;
}

int print_diagnostics(const Compilation& compilation, MessageFormat format) {
  wipe_progress();
  const Reporter& reporter = compilation.reporter;
  const TextStyle style{may_colour(STDERR_FILENO)};
  const auto [colour, quiet, strict] = terminal_options();
  const bool fails = reporter.has_errors() || (strict && reporter.warnings() > 0);
  for (const Diagnostic& diagnostic : reporter.sorted()) {
    const bool counts = diagnostic.severity == Severity::error ||
                        (strict && diagnostic.severity == Severity::warning);
    if (quiet && !counts) continue;
    if (format == MessageFormat::json) {
      write_all(stdout, render_json(diagnostic, compilation.sources) + "\n");
    } else {
      write_all(stderr, render_text(diagnostic, compilation.sources, style) + "\n");
    }
  }
  std::string summary;
  if (reporter.errors() > 0) summary = counted(reporter.errors(), "error");
  if (reporter.warnings() > 0)
    summary += (summary.empty() ? "" : ", ") + counted(reporter.warnings(), "warning");
  if (reporter.notes() > 0) summary += (summary.empty() ? "" : ", ") + counted(reporter.notes(), "note");
  if (!compilation.as.empty())
    summary = fmt::format("as if the hosts ran {}: {}", compilation.as,
                          summary.empty() ? "no errors" : summary);
  if (fails && !reporter.has_errors()) summary += " (with --strict, warnings are errors)";
  if (format == MessageFormat::text && !summary.empty()) say_result(summary);
  if (!compilation.main_file_read) return exit_usage_or_io;
  return fails ? exit_errors : exit_fine;
}

}  // namespace tunec
