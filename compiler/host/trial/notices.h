// What people and other programs find about a trial without asking tunec-host: the message of the day, and
// the files by which Debian's programs say that a reboot is needed.
#pragma once

#include <string>

#include "host/machine.h"

namespace tunec::host {

void write_motd(const Machine& machine, const std::string& text);
void remove_motd(const Machine& machine);
void ask_for_reboot(const Machine& machine);
void take_back_reboot_request(const Machine& machine);  // ours alone

}  // namespace tunec::host
