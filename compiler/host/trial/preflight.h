// What a trial needs of a machine, and what nobody would notice. Changes nothing.
#pragma once

#include <string>
#include <vector>

#include "host/plan.h"

namespace tunec::host {

// Throws Refused with the reason why there can be no trial of a plan.
void check_trial(const Machine& machine, const Plan& plan);
// How a boot can end so that neither the kernel nor systemd ends it: a sentence each.
std::vector<std::string> unnoticed_ends(const Machine& machine);

// Commands that make what boots; any other that counts from a reboot is refused.
bool makes_initrd(const std::string& command);
bool makes_grub_cfg(const std::string& command);
// A command that makes an initrd of its own for a kernel.
std::string own_initrd_command(const std::string& command, const std::string& file,
                               const std::string& version);

}  // namespace tunec::host
