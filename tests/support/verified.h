// What tunec-host verify finds on a machine of a test.
#pragma once

#include <string>

#include "support/host_rig.h"

namespace tunec::test {

// "STATUS NAME expected X found Y note" of all that is not equal, with the exit code before it.
std::string verified(HostRig& rig);

}  // namespace tunec::test
