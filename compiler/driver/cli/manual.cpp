// roff for man(7): a sub-section for each command, and a tagged paragraph for each argument and option.
#include <fmt/core.h>

#include "driver/cli/completions.h"

namespace tunec {
namespace {

// Text in backticks becomes bold: users type it.
std::string prose(std::string_view text) {
  std::string roff;
  bool bold = false;
  for (const char c : text) {
    if (c == '`') {
      bold = !bold;
      roff += bold ? "\\fB" : "\\fR";
    } else if (c == '\\') {
      roff += "\\e";
    } else if (c == '-') {
      roff += "\\-";
    } else {
      roff += c;
    }
  }
  return roff.starts_with('.') || roff.starts_with('\'') ? "\\&" + roff : roff;
}

std::string paragraphs(std::string_view text) {
  std::string roff;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find("\n\n", begin), text.size());
    roff += fmt::format(".PP\n{}\n", prose(text.substr(begin, end - begin)));
    begin = end + 2;
  }
  return roff;
}

std::string tagged(const Option& option) {
  std::string tag = option.is_argument() ? fmt::format("\\fI{}\\fR", prose(option.name))
                                         : fmt::format("\\fB{}\\fR", prose(option.name));
  if (option.letter != 0) tag = fmt::format("\\fB\\-{}\\fR, {}", option.letter, tag);
  if (!option.is_argument() && !option.is_flag())
    tag += fmt::format(" \\fI{}\\fR", prose(option.value_name()));
  std::string text = prose(option.help + ".");
  if (!option.binding.default_word.empty())
    text += fmt::format("\nThe default is \\fB{}\\fR.", option.binding.default_word);
  if (!option.needs.empty()) text += fmt::format("\nNeeds \\fB{}\\fR.", prose(option.needs));
  if (!option.excludes.empty()) text += fmt::format("\nNot with \\fB{}\\fR.", prose(option.excludes));
  return fmt::format(".TP\n{}\n{}\n", tag, text);
}

}  // namespace

std::string manual_commands(const std::vector<Command>& commands) {
  std::string roff;
  for (const Command& command : commands) {
    if (command.hidden) continue;
    roff += fmt::format(".SS \"{}\"\n{}.\n", prose(usage_of(command)), prose(command.summary));
    roff += paragraphs(command.details);
    for (const Option& option : command.options) roff += tagged(option);
    for (const Example& example : command.examples)
      roff += fmt::format(".PP\n\\fB{}\\fR\n.br\n{}.\n", prose(example.line), prose(example.purpose));
  }
  // `help` is not a command of its own: the command line handles it.
  roff += ".SS \"tunec help [COMMAND]\"\nPrints the help of a command, as \\fB\\-\\-help\\fR does.\n";
  return roff;
}

}  // namespace tunec
