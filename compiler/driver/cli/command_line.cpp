// CLI11 splits the words. This file checks what is required and what is valid, so that each message names the
// command and shows what to write.
#include "driver/cli/command_line.h"

#include <algorithm>
#include <optional>

#include <fmt/core.h>
#include <CLI/CLI.hpp>

#include "base/suggest.h"
#include "driver/cli/help.h"

namespace tunec {
namespace {

using Words = std::vector<std::string>;

std::optional<std::string> nearest_of(const std::string& wrong, const Words& names) {
  const auto near = nearest(wrong, std::vector<std::string_view>(names.begin(), names.end()));
  return near ? std::optional(near->name) : std::nullopt;
}

CLI::Option* declare(CLI::App& app, const Option& option) {
  const std::string names = option.letter == 0 ? option.name
                                               : fmt::format("-{},{}", option.letter, option.name);
  if (option.is_flag())
    return app.add_flag(names)->disable_flag_override()->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  CLI::Option* declared = app.add_option(names);
  if (option.is_repeated()) declared->expected(-1);
  else declared->expected(static_cast<int>(option.binding.max_values));
  return declared->allow_extra_args(option.is_repeated())
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

// The error for words that no option or argument takes.
std::string unexpected(const Command& command, const Words& words) {
  const auto option = std::ranges::find_if(
      words, [](const std::string& word) { return word.size() > 1 && word.starts_with('-'); });
  if (option == words.end()) {
    std::string all;
    for (const std::string& word : words) all += (all.empty() ? "`" : ", `") + word + "`";
    return fmt::format("too many arguments: {}; usage: {}", all, usage_of(command));
  }
  Words names{"--help"};
  for (const Option& own : command.options) {
    if (!own.is_argument()) names.push_back(own.name);
  }
  const std::string name = option->substr(0, option->find('='));
  if (const auto near = nearest_of(name, names))
    return fmt::format("there is no option `{}`; did you mean `{}`?", name, *near);
  return fmt::format("there is no option `{}`; `tunec {} --help` lists them", name, command.name);
}

std::string too_few(const Option& option) {
  return fmt::format("{0} needs {1}: {0} {2}", option.name,
                     option.binding.min_values == 1 ? "a value" : "two values", option.value_name());
}

// CLI11's message about an option with too few values begins with the option's name. So does its message
// about a flag with a value, but there without the dashes.
std::string mismatch(const Command& command, std::string message) {
  message.resize(std::min(message.find_first_of(": "), message.size()));
  for (const Option& option : command.options) {
    if (option.is_flag() && option.name == "--" + message) return option.name + " takes no value";
    if (option.name == message) return too_few(option);
  }
  return fmt::format("wrong usage of {}; usage: {}", message, usage_of(command));
}

// Stores the values of one option. Returns an error text if they are wrong.
std::string store(const Command& command, const Option& option, const Words& values, const CLI::App& app) {
  if (values.empty()) {
    if (!option.required) return "";
    const std::string shown = option.is_argument() ? option.name : option.name + " " + option.value_name();
    return fmt::format("{} is missing; usage: {}", shown, usage_of(command));
  }
  if (values.size() < option.binding.min_values) return too_few(option);
  if (!option.is_flag() && values.size() > option.binding.max_values)
    return fmt::format("{} is given twice", option.name);
  if (!option.is_flag() && std::ranges::find(values, "") != values.end())
    return fmt::format("{} is empty", option.name);
  if (!option.needs.empty() && app.count(option.needs) == 0)
    return fmt::format("{} needs {}", option.name, option.needs);
  if (!option.excludes.empty() && app.count(option.excludes) > 0)
    return fmt::format("{} and {} exclude each other", option.name, option.excludes);
  const std::string valid = option.binding.assign(values);
  return valid.empty() ? "" : fmt::format("{} is {}, not `{}`", option.name, valid, values.front());
}

CommandLine read_options(const Command& command, Words words) {
  const auto wrong = [&](const std::string& text) {
    return CommandLine{.error = fmt::format("{}: {}", command.name, text)};
  };
  CLI::App app;
  app.allow_extras();
  std::vector<const CLI::Option*> declared;
  for (const Option& option : command.options) declared.push_back(declare(app, option));
  std::ranges::reverse(words);  // CLI11 expects them in reverse order
  try {
    app.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    return {.text = help_of(command)};
  } catch (const CLI::ArgumentMismatch& error) {
    return wrong(mismatch(command, error.what()));
  } catch (const CLI::ParseError& error) {
    return wrong(error.what());
  }
  if (const Words rest = app.remaining(); !rest.empty()) return wrong(unexpected(command, rest));
  for (std::size_t i = 0; i < declared.size(); ++i) {
    const std::string error = store(command, command.options[i], declared[i]->results(), app);
    if (!error.empty()) return wrong(error);
  }
  return {.command = &command};
}

}  // namespace

CommandLine read_command_line(const std::vector<Command>& commands, Words words) {
  if (words.empty()) return {.error = "a command is missing; `tunec --help` lists them"};
  const std::string first = words.front();
  if (first == "--help" || first == "-h") return {.text = help_of_all(commands)};
  if (first == "--version") return {.text = "tunec " TUNEC_VERSION "\n"};
  const bool wants_help = first == "help" && words.size() > 1;
  if (first == "help" && !wants_help) return {.text = help_of_all(commands)};
  const std::string wanted = wants_help ? words[1] : first;
  const auto command = std::ranges::find(commands, wanted, &Command::name);
  if (command != commands.end()) {
    words.erase(words.begin());
    return wants_help ? CommandLine{.text = help_of(*command)} : read_options(*command, std::move(words));
  }
  Words names{"--help", "--version", "help"};
  for (const Command& offered : commands) {
    if (!offered.hidden) names.push_back(offered.name);
  }
  const auto near = nearest_of(wanted, names);
  return {
      .error = fmt::format("there is no {} `{}`; {}", wanted.starts_with('-') ? "option" : "command", wanted,
                           near ? fmt::format("did you mean `{}`?", *near) : "`tunec --help` lists them")};
}

}  // namespace tunec
