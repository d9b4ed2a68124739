#include "driver/cli/help.h"

#include <algorithm>

#include <fmt/core.h>

namespace tunec {
namespace {

constexpr std::size_t width = 100;

// The words of `text`, filled into lines that begin with `indent` blanks; the first line begins with `first`.
std::string filled(std::string first, std::size_t indent, std::string_view text) {
  std::string lines, line = std::move(first);
  if (line.size() > indent && indent > 0) {
    lines = line + "\n";
    line.clear();
  }
  line.resize(std::max(line.size(), indent), ' ');
  std::size_t words = 0;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    if (words > 0 && line.size() + 1 + word.size() > width) {
      lines += line + "\n";
      line.assign(indent, ' ');
      words = 0;
    }
    line += (words++ > 0 ? " " : "") + std::string(word);
  }
  return lines + line + "\n";
}

std::string paragraphs(std::string_view text) {
  std::string all;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    all += "\n" + filled("", 0, text.substr(0, end));
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return all;
}

std::string described(const Option& option) {
  std::string text = option.help;
  if (!option.binding.default_word.empty())
    text += fmt::format(" (default: {})", option.binding.default_word);
  if (!option.needs.empty()) text += fmt::format(" (needs {})", option.needs);
  if (!option.excludes.empty()) text += fmt::format(" (not with {})", option.excludes);
  return text;
}

std::string row(const Option& option) {
  std::string name = option.letter != 0     ? fmt::format("  -{}, {}", option.letter, option.name)
                     : option.is_argument() ? "  " + option.name
                                            : "      " + option.name;
  if (!option.is_argument() && !option.is_flag()) name += " " + option.value_name();
  return filled(name + "  ", 28, described(option));
}

}  // namespace

std::string help_of(const Command& command) {
  std::string text = fmt::format("{}\n\nUsage: {}\n", command.summary, usage_of(command));
  std::string arguments, options;
  for (const Option& option : command.options) (option.is_argument() ? arguments : options) += row(option);
  options += filled("  -h, --help  ", 28, "Print this help");
  if (!arguments.empty()) text += "\nArguments:\n" + arguments;
  text += "\nOptions:\n" + options;
  text += paragraphs(command.details);
  if (!command.examples.empty()) text += "\nExamples:\n";
  for (const Example& example : command.examples)
    text += fmt::format("  {}\n      {}\n", example.line, example.purpose);
  return text;
}

std::string help_of_all(const std::vector<Command>& commands) {
  std::string text = fmt::format("{}\n\nUsage: tunec COMMAND ...\n\nCommands:\n", program_summary);
  for (const Command& command : commands) {
    if (!command.hidden) text += filled("  " + command.name + "  ", 20, command.summary);
  }
  text += filled("  help  ", 20, "Print this help, or with the name of a command the help of that command");
  return text +
         "\nOptions:\n"
         "  -h, --help        Print this help; after a command, the help of that command\n"
         "      --version     Print the version\n"
         "\nExit codes: 0 no errors, 1 errors in the input, 2 wrong usage or failed input and output.\n";
}

}  // namespace tunec
