// The two sides of `tunec diff`: where each is read from, and the name that users gave it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "driver/cli/replaced_file.h"

namespace tunec {

struct DiffArguments {
  std::string before, after;  // sites or trees; `after` may be empty
  std::string against;        // a revision of git, or two: A..B
  std::string as;             // a platform for the new side
  std::string with;           // FILE=OTHER: the new side reads OTHER in place of FILE
  std::string overlay;
};

struct DiffSide {
  std::string path, name;
  std::string revision;  // of git; empty: as it stands on the disk
  std::string as;        // the platform that all hosts are taken to run; empty: their own
  std::shared_ptr<const FileSystem> files;
  std::shared_ptr<const ReplacedFile> replaced{};  // of --with
  bool is_tree = false;                            // a tree that `tunec compile` wrote
};

// The old and the new side. If the arguments do not make two sides, prints an error and returns nothing.
std::optional<std::pair<DiffSide, DiffSide>> diff_sides(const DiffArguments& arguments);

}  // namespace tunec
