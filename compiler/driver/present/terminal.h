// What reaches the user's eyes: standard output, standard error, colour and progress.
#pragma once

#include <string>

#include "diagnostics/render.h"
#include "driver/exit_code.h"
#include "driver/pipeline.h"

namespace tunec {

// The last five: see findings/findings.h. Commands that print other things than diagnostics know the first
// two.
enum class MessageFormat { text, json, short_, sarif, github, gitlab, junit };

// What the user wants to see; set by the options that all commands have.
struct TerminalOptions {
  enum class Colour { automatic, always, never };
  Colour colour = Colour::automatic;
  bool quiet = false;               // errors only
  bool strict = false;              // warnings fail the run
  std::vector<std::string> only{};  // diagnostics of other codes are not shown, and do not count
  std::size_t max_shown = 0;        // more are counted; 0: all are shown
};
TerminalOptions& terminal_options();

void say(const std::string& line);         // to standard error
void say_result(const std::string& line);  // the same, of what went well; not if quiet
// To standard output: data as it is, and texts for people, in which nothing from a site steers the terminal.
void print(const std::string& data);
void print_text(const std::string& text);
void print_json(const std::string& json);  // texts in it say what they said, but steer no terminal
TextStyle output_style();                  // of what goes to standard output
// In a text for people: `text` in a colour of the terminal, given as in `1;31`.
std::string in_colour(std::string_view text, std::string_view colour);

// On long runs, the name of the stage on a terminal. The next message replaces it.
void progress(const std::string& stage);

// The diagnostics that the user wants to see, sorted.
struct ShownDiagnostics {
  std::vector<Diagnostic> diagnostics;
  std::size_t errors = 0, warnings = 0, notes = 0;  // also of those beyond `max_shown`
  bool fails = false;
};
ShownDiagnostics shown_diagnostics(const Compilation& compilation);

// All diagnostics: text to standard error with a summary, JSON to standard output, an object a line.
int print_diagnostics(const Compilation& compilation, MessageFormat format);

}  // namespace tunec
