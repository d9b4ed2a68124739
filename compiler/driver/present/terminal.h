// Everything that the user sees: standard output, standard error, colour and progress.
#pragma once

#include <string>

#include "diagnostics/render.h"
#include "driver/exit_code.h"
#include "driver/pipeline.h"

namespace tunec {

// findings/findings.h describes the last five. Commands that print more than diagnostics accept the first
// two.
enum class MessageFormat { text, json, short_, sarif, github, gitlab, junit };

// What the user wants to see. The options that all commands share set it.
struct TerminalOptions {
  enum class Colour { automatic, always, never };
  Colour colour = Colour::automatic;
  bool quiet = false;               // errors only
  bool strict = false;              // warnings fail the run
  std::vector<std::string> only{};  // other diagnostics are neither shown nor counted
  std::size_t max_shown = 0;        // further ones are only counted; 0: all are shown
};
TerminalOptions& terminal_options();

void say(const std::string& line);         // to standard error
void say_result(const std::string& line);  // the same for a success; not if quiet
// To standard output: data as it is, and texts for people, made so that nothing from a site steers the
// terminal.
void print(const std::string& data);
void print_text(const std::string& text);
void print_json(const std::string& json);  // the texts keep their meaning, but cannot steer a terminal
TextStyle output_style();                  // for standard output
// For a text for people: `text` in a colour of the terminal, given as in `1;31`.
std::string in_colour(std::string_view text, std::string_view colour);

// On a terminal, and on long runs, shows the name of the stage. The next message replaces it.
void progress(const std::string& stage);

// The diagnostics that the user wants to see, sorted.
struct ShownDiagnostics {
  std::vector<Diagnostic> diagnostics;
  std::size_t errors = 0, warnings = 0, notes = 0;  // including those beyond `max_shown`
  bool fails = false;
};
ShownDiagnostics shown_diagnostics(const Compilation& compilation);

// Prints all diagnostics: as text with a summary to standard error, or as JSON, one object a line, to
// standard output.
int print_diagnostics(const Compilation& compilation, MessageFormat format);

}  // namespace tunec
