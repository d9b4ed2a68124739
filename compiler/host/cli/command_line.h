// The command line of tunec-host as two tables, of which parsing and help are made. It is parsed by hand: the
// program is linked statically and stays small.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/machine.h"

namespace tunec::host {

struct Arguments {
  std::string command;
  std::vector<std::string> operands;
  std::map<std::string, std::string, std::less<>> options;  // by name; of one without a value: empty

  bool has(std::string_view option) const { return options.contains(option); }
  std::string value(std::string_view option) const;  // empty unless it is given
};

struct Option {
  std::string_view name;   // "--root"
  std::string_view value;  // what stands after it: "DIR"; empty: nothing
  std::vector<std::string_view> commands;
  std::string_view help;
};

struct Command {
  std::string_view name, operands;  // "TREE", "[N]"
  std::size_t least = 0, most = 0;  // so many operands
  std::string_view help;            // empty: not for people, and not in the help
  int (*run)(const Machine& machine, const Arguments& arguments);
};

// Throws Refused at a word that is in no table, or of another command. `--help` and `--version` stand alone.
Arguments parse(std::span<const char* const> given, std::span<const Command> commands,
                std::span<const Option> options);
const Command& command_of(const Arguments& arguments, std::span<const Command> commands);
std::string help_text(std::span<const Command> commands, std::span<const Option> options);
// Of one command: what it does, and its own options.
std::string help_text(const Command& command, std::span<const Option> options);

}  // namespace tunec::host
