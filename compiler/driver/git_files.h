// The files of a git revision, as a file system: nothing is checked out. Paths are as for the disk; those
// outside the repository are read from the disk.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "base/file_system.h"

namespace tunec {

class RevisionFiles : public FileSystem {
 public:
  virtual bool is_inside(const std::string& path) const = 0;  // the repository
};

// `near`: a file or directory in the repository. Nothing but a text if there is no repository, or no such
// revision: "no git repository contains `site.tune`", …
using GitResult = std::variant<std::unique_ptr<RevisionFiles>, std::string>;
GitResult open_revision(const std::string& near, const std::string& revision);

}  // namespace tunec
