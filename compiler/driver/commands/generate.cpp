// tunec generate: completions and the part of the manual page that is about commands. For the build.
#include "driver/cli/command.h"
#include "driver/cli/completions.h"
#include "driver/present/terminal.h"

namespace tunec {
namespace {

using Generate = std::string (*)(const std::vector<Command>& commands);

}  // namespace

Command command_generate() {
  const auto generate = std::make_shared<Generate>(nullptr);
  return {.name = "generate",
          .summary = "Print the completions of a shell, or the commands of the manual page",
          .options = {{.name = "WHAT",
                       .help = "bash, zsh, fish or man",
                       .binding = store_in<Generate>(*generate, {{"bash", bash_completion},
                                                                 {"zsh", zsh_completion},
                                                                 {"fish", fish_completion},
                                                                 {"man", manual_commands}}),
                       .required = true}},
          .run =
              [generate] {
                print((*generate)(all_commands()));
                return exit_fine;
              },
          .hidden = true};
}

}  // namespace tunec
