#include "host/cli/command_line.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tunec::host {
namespace {

constexpr std::size_t column = 24;

// A word of each begins a line, and its text stands beside it.
std::string entry(std::string_view word, std::string_view text, std::size_t width = column) {
  std::string lines;
  std::string head = width == 0 ? "" : fmt::format("  {:<{}}", word, width - 2);
  if (head.size() > width) {
    lines = head + "\n";
    head = std::string(width, ' ');
  }
  constexpr std::size_t most = 100;
  std::string line = head;
  while (!text.empty()) {
    std::size_t end = text.size();
    if (end > most - width) end = text.rfind(' ', most - width);
    lines += line + std::string(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(text.size(), end + 1));
    line = std::string(width, ' ');
  }
  return lines;
}

std::string usage_of(const Command& command) {
  return command.operands.empty() ? std::string(command.name)
                                  : fmt::format("{} {}", command.name, command.operands);
}

std::string usage_of(const Option& option) {
  return option.value.empty() ? std::string(option.name) : fmt::format("{} {}", option.name, option.value);
}

const Option& option_of(std::string_view word, std::span<const Option> options) {
  const auto found = std::ranges::find(options, word, &Option::name);
  if (found == options.end())
    throw Refused{fmt::format("there is no option `{}`: see tunec-host --help", word)};
  return *found;
}

}  // namespace

std::string Arguments::value(std::string_view option) const {
  const auto found = options.find(option);
  return found == options.end() ? std::string() : found->second;
}

Arguments parse(std::span<const char* const> given, std::span<const Command> commands,
                std::span<const Option> options) {
  Arguments arguments;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const std::string word = given[i] == std::string_view("-h") ? "--help" : given[i];
    if (word.starts_with("-") && word != "-") {
      const Option& option = option_of(word, options);
      const bool has_value = !option.value.empty();
      if (has_value && i + 1 == given.size()) throw Refused{fmt::format("`{}` needs {}", word, option.value)};
      arguments.options[word] = has_value ? given[++i] : "";
    } else if (arguments.command.empty()) {
      arguments.command = word;
    } else {
      arguments.operands.push_back(word);
    }
  }
  if (arguments.has("--help") || arguments.has("--version")) return arguments;
  const Command& command = command_of(arguments, commands);
  if (arguments.operands.size() < command.least || arguments.operands.size() > command.most)
    throw Refused{fmt::format("`{}` takes {}", command.name,
                              command.most == 0 ? "no argument" : fmt::format("`{}`", command.operands))};
  // An option that a command would ignore could be meant for another one.
  for (const auto& [name, value] : arguments.options) {
    if (std::ranges::find(option_of(name, options).commands, command.name) ==
        option_of(name, options).commands.end())
      throw Refused{fmt::format("`{}` has no option `{}`", command.name, name)};
  }
  return arguments;
}

const Command& command_of(const Arguments& arguments, std::span<const Command> commands) {
  if (arguments.command.empty()) throw Refused{"a command is missing: see tunec-host --help"};
  const auto found = std::ranges::find(commands, arguments.command, &Command::name);
  if (found == commands.end())
    throw Refused{fmt::format("there is no command `{}`: see tunec-host --help", arguments.command)};
  return *found;
}

std::string help_text(std::span<const Command> commands, std::span<const Option> options) {
  std::string text = "commands\n";
  for (const Command& command : commands) {
    if (command.help.empty()) continue;
    text += entry(usage_of(command), command.help);
  }
  text += "\noptions\n";
  for (const Option& option : options) {
    const std::string of = option.commands.empty() ? ""
                                                   : fmt::format(" ({})", fmt::join(option.commands, ", "));
    text += entry(usage_of(option), fmt::format("{}{}", option.help, of));
  }
  return text;
}

std::string help_text(const Command& command, std::span<const Option> options) {
  std::string text = fmt::format("usage: tunec-host {} [OPTIONS]\n\n", usage_of(command));
  text += entry("", command.help, 0) + "\noptions\n";
  for (const Option& option : options) {
    const bool is_for_all = option.commands.empty();
    if (is_for_all || std::ranges::find(option.commands, command.name) != option.commands.end())
      text += entry(usage_of(option), option.help);
  }
  return text;
}

}  // namespace tunec::host
