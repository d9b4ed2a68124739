// A rule for make and ninja that says what a run read: `TARGET: site.tune facts/kvm-01.yaml …`. Each file
// also has a rule of its own without prerequisites, as with gcc's -MP, so that a file that is deleted and no
// longer imported does not stop make.
#pragma once

#include <string>
#include <string_view>

namespace tunec {

struct DependencyRule {
  std::string text;
  std::string error;  // why there is none: a name that make or ninja would not read as itself
};

// `record`: of all reads (driver/recorded_files.h). Files that were looked for in vain are left out: make
// would look for a way to make them.
DependencyRule dependency_rule(std::string_view target, std::string_view record);

}  // namespace tunec
