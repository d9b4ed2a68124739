// What the build makes from the data of the commands: a completion script for each shell, and the manual
// page's part about commands and options. driver/CMakeLists.txt decides where they go.
#pragma once

#include <string>
#include <vector>

#include "driver/cli/command.h"

namespace tunec {

std::string bash_completion(const std::vector<Command>& commands);
std::string zsh_completion(const std::vector<Command>& commands);
std::string fish_completion(const std::vector<Command>& commands);
std::string manual_commands(const std::vector<Command>& commands);

// Finds the names of the hosts that a site declares itself, by `sed`. Names from patterns and from facts
// would need a compiler.
inline constexpr std::string_view host_names_script = R"(s/^host +([A-Za-z0-9_-]+).*/\1/p)";

// 'text', quoted for bash and zsh.
std::string shell_quoted(std::string_view text);

}  // namespace tunec
