// What must hold between the settings of a host, and what sees to it: stdlib/invariants.yaml.
#pragma once

#include <string>

#include "driver/present/terminal.h"

namespace tunec {

// All of them as a table, or one in full where `number` names it. Gives the exit code.
int explain_invariants(Compilation& compilation, const std::string& number, MessageFormat format);

}  // namespace tunec
