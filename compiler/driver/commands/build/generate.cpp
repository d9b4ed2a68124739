// tunec generate: completions and the part of the manual page that is about commands. For the build.
#include <algorithm>
#include <set>

#include "diagnostics/diagnostic.h"
#include "driver/cli/command.h"
#include "driver/cli/completions.h"
#include "driver/present/terminal.h"
#include "driver/present/topics.h"

namespace tunec {
namespace {

// Commands whose options offer the names of platforms, surfaces and topics.
std::vector<Command> commands_with_words() {
  const auto knowledge = open_knowledge("", DiskFileSystem());
  std::vector<std::string> platforms, topics = topic_names(knowledge->library);
  for (const std::string& name : knowledge->platforms.names()) {
    platforms.push_back(name);
    std::ranges::replace(platforms.back(), ' ', '-');
  }
  std::set<std::string> surfaces;
  for (const std::string_view name : knowledge->catalogue.names())
    surfaces.emplace(name.substr(0, name.find_first_of(".(")));
  topics.emplace_back("invariants");
  for (const DiagInfo* info : all_diagnostics()) topics.emplace_back(info->code);
  std::erase_if(topics,
                [](const std::string& topic) { return topic.find_first_of(" `\"$") != std::string::npos; });
  std::vector<Command> commands = all_commands();
  for (Command& command : commands) {
    for (Option& option : command.options) {
      if (option.completion == Completion::platform) option.offered = platforms;
      if (option.completion == Completion::surface) option.offered = {surfaces.begin(), surfaces.end()};
      if (option.completion == Completion::topic) option.offered = topics;
    }
  }
  return commands;
}

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
                print((*generate)(commands_with_words()));
                return exit_fine;
              },
          .hidden = true};
}

}  // namespace tunec
