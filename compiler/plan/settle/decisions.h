// Decisions that depend on the platform: whether a value `where available` was kept, replaced or dropped, and
// why. Also values for which a platform uses another carrier than the one written.
#pragma once

#include <string>
#include <vector>

#include "plan/settle/build.h"

namespace tunec {

enum class Verdict { kept, replaced, dropped };

struct Decision {
  std::string platform;  // "debian 12, Linux 6.1"
  Verdict verdict = Verdict::kept;
  std::string name;
  Value value;
  Span where;
  std::string instead;             // if replaced: the name that the machine has
  std::string why;                 // if kept: what beats it there, if anything does
  std::vector<std::string> hosts;  // sorted, and never empty
};

// Sorted by platform, and then by place in the sources. Hosts of one platform with the same decision share
// it.
std::vector<Decision> decisions(const PlanWithNotes& planned, const Sources& sources);

}  // namespace tunec
