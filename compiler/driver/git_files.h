// The files of a git revision as a file system, without a checkout. Paths are as on the disk. Files outside
// the repository are read from the disk.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "base/file_system.h"

namespace tunec {

class RevisionFiles : public FileSystem {
 public:
  virtual bool is_inside(const std::string& path) const = 0;  // whether the repository contains it
};

// `near`: a file or directory in the repository. If there is no repository or no such revision, returns only
// a text: "no git repository contains `site.tune`", …
using GitResult = std::variant<std::unique_ptr<RevisionFiles>, std::string>;
GitResult open_revision(const std::string& near, const std::string& revision);

}  // namespace tunec
