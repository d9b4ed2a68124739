// Commands of a tunec-host that was killed. They run on, such as a program that writes a boot image, and
// nobody may take back meanwhile what they change. Nor are they killed: they would leave what they had not
// removed yet.
#pragma once

#include "host/machine.h"

namespace tunec::host {

// Stands in the environment of all that tunec-host runs to change a machine, which it does under the lock
// alone. The operator's hooks do not have it: they may leave something in the background.
inline constexpr const char* command_marker = "TUNEC_HOST_COMMAND";

// Waits until they have ended. To be called by whoever holds the lock: then nobody else has any. Refused if
// one does not end within 15 minutes, or if SIGINT or SIGTERM comes meanwhile.
void wait_for_orphans(const Say& warn);

}  // namespace tunec::host
