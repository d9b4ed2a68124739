// tunec: reads the command line and runs one command. Exit codes: driver/exit_code.h.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>

#include "driver/cli/command_line.h"
#include "driver/present/terminal.h"

namespace tunec {
namespace {

int run(std::vector<std::string> words) {
  const std::vector<Command> commands = all_commands();
  const CommandLine line = read_command_line(commands, std::move(words));
  if (!line.error.empty()) {
    say("tunec: " + line.error);
    return exit_usage_or_io;
  }
  print(line.text);
  return line.command == nullptr ? exit_fine : line.command->run();
}

// A full disk, or a reader that left early: some output was not written.
int with_output_written(int status) {
  const bool written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (written) return status;
  say(std::string("tunec: standard output: ") + std::strerror(errno == 0 ? EIO : errno));
  return exit_usage_or_io;
}

}  // namespace
}  // namespace tunec

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a reader that leaves early shows as a failed write
  try {
    return tunec::with_output_written(tunec::run({argv + 1, argv + argc}));
  } catch (const std::bad_alloc&) {
    tunec::say("tunec: out of memory");
  } catch (const std::exception& error) {
    tunec::say(std::string("tunec: internal error: ") + error.what() +
               "; please report it together with the input that causes it");
  }
  return tunec::exit_usage_or_io;
}
