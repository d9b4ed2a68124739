// Kernel modules that are not part of the kernel's own packages. Files of records list them under
// `elsewhere:`, with their origin. Under `aliases:` they list other names for modules of the kernel. No
// kernel has a module of any of these names. Only the build loads them.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "diagnostics/reporter.h"
#include "source/sources.h"

namespace tunec {

// By name, with underscores.
std::map<std::string, std::string> load_elsewhere(FileId file, const Sources& sources, Reporter& reporter);

// `from`: what Catalogue::elsewhere() returned for a name. Returns the module that the name is an alias of;
// empty if the name is a module's own.
std::string_view module_behind(std::string_view from);

}  // namespace tunec
