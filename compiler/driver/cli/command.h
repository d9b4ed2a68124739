// A sub-command as data and one function. The command line, `--help`, the shells' completions and the manual
// page are all made from the data. Each file in driver/commands/ makes one command, and the build collects
// them in all_commands(). command_line.h reads the command line; nothing here depends on how.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "driver/exit_code.h"

namespace tunec {

// Where the values of an option go. The variable must live as long as the command.
struct Binding {
  std::size_t min_values = 1, max_values = 1;  // both 0: a flag
  std::vector<std::string> words{};            // the only values; empty: any
  std::string default_word{};
  // Stores the values. Returns which values are valid, as in "text or json", if one of them is not.
  std::function<std::string(const std::vector<std::string>& values)> assign{};
};

constexpr std::size_t any_number = 1'000'000'000;

Binding store_in(bool& flag);
Binding store_in(std::string& value);
Binding store_in(std::vector<std::string>& values, std::size_t min = 1, std::size_t max = any_number);
Binding store_in(std::size_t& number, std::size_t lowest, std::size_t highest);
// `values` are the values of the words, in the same order.
Binding store_word_in(std::vector<std::string> words, std::size_t default_index,
                      std::function<void(std::size_t)> choose);

// One of a few words, each with the value of an enumeration.
template <class Enum>
Binding store_in(Enum& value, const std::vector<std::pair<std::string, Enum>>& words) {
  std::vector<std::string> names;
  std::vector<Enum> values;
  std::size_t default_index = 0;
  for (const auto& [name, meaning] : words) {
    if (meaning == value) default_index = names.size();
    names.push_back(name);
    values.push_back(meaning);
  }
  return store_word_in(std::move(names), default_index,
                       [&value, values](std::size_t index) { value = values[index]; });
}

// What a shell offers for an option whose values are not a fixed list of words.
enum class Completion : unsigned char { none, file, tune_file, directory, host, platform, surface, topic };

// An option such as `--output DIRECTORY`, or an argument such as SITE, whose name has no dash.
struct Option {
  std::string name;
  char letter = 0;  // 'o' for -o
  // The name of the value, or of two: "FROM TO"; empty for flags, arguments and options with words
  std::string value{};
  std::string help;
  Binding binding{};
  bool required = false;
  Completion completion = Completion::none;
  std::string needs{}, excludes{};  // the name of another option
  // What a shell offers; if empty, it follows from `binding` or `completion`
  std::vector<std::string> offered{};

  bool is_argument() const { return !name.starts_with('-'); }
  bool is_flag() const { return binding.max_values == 0; }
  bool is_repeated() const { return binding.max_values == any_number; }
  std::string value_name() const;  // "text|json", "DIRECTORY", "" for flags
  const std::vector<std::string>& words_to_offer() const { return offered.empty() ? binding.words : offered; }
};

struct Example {
  std::string line, purpose;
};

struct Command {
  std::string name, summary;
  // Paragraphs, separated by a blank line; `text` in backticks is something that users type
  std::string details{};
  std::vector<Option> options{};  // arguments among them, in their order
  std::vector<Example> examples{};
  std::function<int()> run;  // reads the variables that the options are bound to; returns the exit code
  bool hidden = false;       // only the build uses it
};

// "tunec why SITE HOST WHAT [OPTIONS]"
std::string usage_of(const Command& command);

// All commands by name. Each call makes new ones, with variables of their own.
std::vector<Command> all_commands();

}  // namespace tunec
