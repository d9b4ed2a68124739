// The only use of a clock that decides anything: whether a waiver has expired (tests/layers checks this).
#pragma once

#include "base/value.h"

namespace tunec {

Date today_in_utc();

}  // namespace tunec
