// Kernel modules that come from elsewhere than the kernel's own packages, as records' files list them under
// `elsewhere:`, with where they come from; and under `aliases:`, other names that modules of the kernel
// answer to. Both are names that no kernel has a module of. Only the build loads them.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "diagnostics/reporter.h"
#include "source/sources.h"

namespace tunec {

// By name, with underscores.
std::map<std::string, std::string> load_elsewhere(FileId file, const Sources& sources, Reporter& reporter);

// Of what Catalogue::elsewhere() has of a name: the module that this name is an alias of; empty if it is a
// module's own.
std::string_view module_behind(std::string_view from);

}  // namespace tunec
