// The two sides of `tunec diff`: where each is read from, and what people call it.
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
  std::string with;           // FILE=OTHER: a file that the new side reads in the place of another
  std::string overlay;
};

struct DiffSide {
  std::string path, name;
  std::string revision;  // of git; empty: as it stands on the disk
  std::string as;        // the platform that all hosts are taken to run; empty: their own
  std::shared_ptr<const FileSystem> files;
  std::shared_ptr<const ReplacedFile> replaced{};  // of --with
  bool is_tree = false;                            // what `tunec compile` wrote
};

// The old and the new side; nothing, after an error message, if the arguments do not make two.
std::optional<std::pair<DiffSide, DiffSide>> diff_sides(const DiffArguments& arguments);

}  // namespace tunec
