// Reads a command line. Comes in: the words, and the data of the commands. Goes out: the command to run, its
// variables filled. Prints nothing and runs nothing. Only command_line.cpp includes CLI11.
#pragma once

#include <string>
#include <vector>

#include "driver/cli/command.h"

namespace tunec {

struct CommandLine {
  const Command* command = nullptr;  // the command to run
  std::string text{};                // help or the version, to print instead
  std::string error{};               // wrong usage, to report instead
};

CommandLine read_command_line(const std::vector<Command>& commands, std::vector<std::string> words);

}  // namespace tunec
