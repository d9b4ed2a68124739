// The only file that reads a clock (tests/layers checks this). The date decides only whether a waiver has
// expired.
#pragma once

#include <ctime>

#include "base/value.h"

namespace tunec {

Date today_in_utc();
timespec this_moment();  // for a stamp that make compares with files

}  // namespace tunec
