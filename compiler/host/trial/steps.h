// The steps of a trial's end, shared by its commands. They report through Machine::say and Machine::warn.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/generations.h"

namespace tunec::host {

// Nothing if systemd does not answer.
std::optional<std::vector<std::string>> failed_units(const Machine& machine);
// What the host lacks for itself, by the names of the checks. A trial is not to blame for what was so before
// it.
std::vector<std::string> shortages(const Machine& machine, const Generation& generation);
// The boot has written the values. Writes those that differ once more, to tell what the kernel rounds from
// what somebody else has set, and records the first. The others get back what they had.
void note_rounded(const Machine& machine, const Generations& generations, Generation& generation);
// What speaks against a boot that is complete; empty: it is as the tree wants it.
std::vector<std::string> problems_of_boot(const Machine& machine, const Generation& generation);

// Makes the tree's command line GRUB's own, and ends the trial. Returns why that failed, or an empty text;
// then it is to be taken back.
std::string commit(const Machine& machine, Generations& generations, Generation& generation);

// What the operator wants done when it is committed. It stays committed, so what fails is left to do.
int after_commit(const Machine& machine, const Generation& generation);

// Of a trial that ended, and whose end was interrupted.
void remove_left_over(const Machine& machine, const Generations& generations);

// boots: commands would wait for services that wait for this program; if there are any, the judge goes on
// with it. falls_back: from the trial boot, so the next boot ends it, and says so.
enum class While { boots, runs, falls_back };
// Undoes a generation that is not committed, and says so: disarms, and gives back the files. Returns whether
// all could be given back.
bool take_back(const Machine& machine, Generations& generations, Generation& generation,
               While state = While::runs);

}  // namespace tunec::host
