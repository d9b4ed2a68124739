// What a trial needs of a machine, and what nobody would notice. Changes nothing.
#pragma once

#include <string>
#include <vector>

#include "host/loader/loader.h"
#include "host/plan.h"

namespace tunec::host {

// Throws Refused with the reason why there can be no trial of a plan.
void check_trial(const Machine& machine, const BootLoader& loader, const Plan& plan);
// How a boot can end so that neither the kernel nor systemd ends it: a sentence each.
std::vector<std::string> unnoticed_ends(const Machine& machine);

bool makes_initrd(const std::string& command);
// Whether what is in the initrd changes. Its maker may run for the command line alone: it has hooks.
bool changes_initrd(const BootLoader& loader, const Generation& generation);
// A command that makes an initrd of its own for a kernel.
std::string own_initrd_command(const std::string& command, const std::string& file,
                               const std::string& version);

}  // namespace tunec::host
