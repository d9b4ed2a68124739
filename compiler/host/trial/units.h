// The units of a trial. `apply --trial` puts them in place, and the end of the trial removes them: a host
// without a trial has nothing of them, and tunec-host needs no package. They start the program that made the
// trial.
//
//   tunec-trial.service            before modules are loaded and sysctls are set: a boot that is not the
//   trial
//                                  puts the files of the generation before back
//   tunec-trial-judge.service      when the boot is complete: verifies, and commits or falls back
//   tunec-trial-overdue.timer      a boot that is not complete after 15 minutes falls back
//   tunec-trial-emergency.service  a trial boot that ends in emergency mode, where it would wait for a
//   person,
//                                  reboots
//
// Units of the tree that boots start from then on are not enabled before the commit, so those of the trial
// want them too.
#pragma once

#include <string>
#include <vector>

#include "host/loader/loader.h"

namespace tunec::host {

// Directories that the units need and that do not exist, the outermost first.
std::vector<std::string> missing_unit_directories(const Machine& machine);
void install_units(const Machine& machine, const BootLoader& loader,
                   const std::vector<std::string>& directories, const std::vector<std::string>& wanted);
// Removes those that are there, and of the directories those that are empty. Then systemd reads its units
// anew.
void remove_units(const Machine& machine, const std::vector<std::string>& directories);

}  // namespace tunec::host
