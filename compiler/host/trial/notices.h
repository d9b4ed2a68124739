// What people find about a trial without asking tunec-host: the message of the day.
#pragma once

#include <string>

#include "host/machine.h"

namespace tunec::host {

void write_motd(const Machine& machine, const std::string& text);
void remove_motd(const Machine& machine);

}  // namespace tunec::host
