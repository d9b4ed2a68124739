// Reads a command line: from words and the data of the commands to the command that is to be run, its
// variables filled. Prints nothing and runs nothing. The one file that includes CLI11 is command_line.cpp.
#pragma once

#include <string>
#include <vector>

#include "driver/cli/command.h"

namespace tunec {

struct CommandLine {
  const Command* command = nullptr;  // to be run
  std::string text{};                // help or the version: to be printed instead
  std::string error{};               // wrong usage: to be reported instead
};

CommandLine read_command_line(const std::vector<Command>& commands, std::vector<std::string> words);

}  // namespace tunec
