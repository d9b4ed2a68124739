// Kernel modules that come from elsewhere than the kernel's own packages, as records' files list them under
// `elsewhere:`, with where they come from. Only the build uses this.
#pragma once

#include <map>
#include <string>

#include "diagnostics/reporter.h"
#include "source/sources.h"

namespace tunec {

// By name, with underscores.
std::map<std::string, std::string> load_elsewhere(FileId file, const Sources& sources, Reporter& reporter);

}  // namespace tunec
