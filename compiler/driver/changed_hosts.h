// Where only what is said of some hosts changed since the last run, and no host has to do with another, a site with these hosts alone is
// compiled, by the same stages as any, and their files put among those that the others have. In any doubt nothing is done, and the whole
// site is to be compiled: if anything else changed, if there is anything to say, if a host claims what another has, if a file is not as it
// was left.
#pragma once

#include <optional>
#include <string>

#include "driver/last_run.h"
#include "emit/tree.h"

namespace tunec {

struct ChangedRun {
  std::size_t hosts = 0;  // of the site
  TreeResult tree;        // without an error
};

// Makes the last run's output that of now, if it can. `version`: as in manifests.
std::optional<ChangedRun> compile_changed(const std::string& output, const SiteOptions& options, const std::string& decisive, std::string_view version,
                                          const FileSystem& files);

}  // namespace tunec
