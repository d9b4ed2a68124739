// Decisions that depend on the platform: whether a value `where available` was kept, replaced or dropped, and
// why. Also values that a platform takes by another carrier than written.
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
  std::string instead;             // of what is replaced: the name that the machine has
  std::string why;                 // of what is kept: what beats it there, if anything does
  std::vector<std::string> hosts;  // sorted, and never empty
};

// By platform, and there as they stand in the sources; hosts of one platform that agree share one.
std::vector<Decision> decisions(const PlanWithNotes& planned, const Sources& sources);

}  // namespace tunec
