// A value that its statement sets `where available`, on a machine that has no such parameter.
#pragma once

#include <string>

#include "base/value.h"
#include "plan/origin.h"

namespace tunec {

struct Dropped {
  std::string name;
  Value value;
  Origin origin;
  std::string why;
  std::string moved;  // the parameter that got the value instead; may be empty
  std::string host;   // the only host that this is about; empty: all hosts of the class
};

}  // namespace tunec
