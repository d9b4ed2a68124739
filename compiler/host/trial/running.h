// What ran on the host before a trial has to run in it, too: libvirt, its guests, and the units of the host.
// It is noted just before the trial is armed. Guests that somebody moved away until then do not count.
#pragma once

#include <string>
#include <vector>

#include "host/generations.h"

namespace tunec::host {

Running running_now(const Machine& machine);
// Guests that are on, and that no reboot brings back: a sentence about them.
std::vector<std::string> not_coming_back(const Machine& machine, const Generation& generation);
// A sentence for each thing that was on, should be by now, and is not. What somebody moved away, removed or
// disabled since does not count.
std::vector<std::string> no_longer_running(const Machine& machine, const Running& before);
// Guests start after the daemon that starts them: waits until all is back, at most two minutes.
void wait_until_running(const Machine& machine, const Running& before);

}  // namespace tunec::host
