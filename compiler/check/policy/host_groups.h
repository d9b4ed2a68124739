// Which hosts a policy cannot tell apart. Those of a class that say nothing for themselves that it looks at
// are one. Of the others, those that say the same of what it looks at get the same verdict: the first is
// asked, and where it has nothing to say against that one, the others need not be asked. Where it has, each
// is asked for itself, since each says it on a line of its own.
#pragma once

#include <vector>

#include "check/policy/reads.h"

namespace tunec {

class AlikeHosts {
 public:
  explicit AlikeHosts(const std::vector<std::vector<const HostPlan*>>& classes);

  struct Group {
    std::vector<const HostPlan*> hosts;  // that are one
    std::size_t verdict = 0;             // groups of one number get the same
    // The first of those of one number is of the same facts, and has settings of the same names
    std::size_t shape = 0;
  };
  // In the order of the classes, and in each by name; those that are one, last.
  std::vector<Group> groups(const Outlook& outlook) const;

 private:
  struct Class {
    std::vector<const HostPlan*> hosts;
    std::vector<std::size_t> shape_of;    // of each host: its number below
    std::size_t shapes_before = 0;        // in other classes
    std::vector<const HostPlan*> shapes;  // of hosts whose own settings have the same names: the first
  };
  std::vector<Class> classes_;
};

}  // namespace tunec
