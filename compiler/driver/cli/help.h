// What `tunec --help` and `tunec COMMAND --help` print.
#pragma once

#include <string>
#include <vector>

#include "driver/cli/command.h"

namespace tunec {

inline constexpr std::string_view program_summary =
    "Compiles a site in the tune language to every configuration file that its KVM hosts need, and checks it "
    "first.";

std::string help_of(const Command& command);
std::string help_of_all(const std::vector<Command>& commands);

}  // namespace tunec
