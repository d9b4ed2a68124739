// A rule for make and ninja that lists what a run read: `TARGET: site.tune facts/kvm-01.yaml …`. Each file
// also has a rule of its own without prerequisites, as with gcc's -MP. So a file that is deleted and no
// longer imported does not stop make.
#pragma once

#include <string>
#include <string_view>

namespace tunec {

struct DependencyRule {
  std::string text;
  std::string error;  // why there is no rule: make or ninja would misread a name
};

// `record`: all reads of the run (driver/recorded_files.h). Files that were looked for but not found are left
// out, since make would look for a way to make them.
DependencyRule dependency_rule(std::string_view target, std::string_view record);

}  // namespace tunec
