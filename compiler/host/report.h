// What an apply would do, as text for people: the files' differences, the values, the commands. And that a
// reboot is left, for people and programs.
#pragma once

#include <string>

#include "host/plan.h"

namespace tunec::host {

// Lines of files that not everybody may read are not shown.
std::string describe_files(const Plan& plan);
std::string describe_values(const Plan& plan);
std::string describe_made(const LiveValue& value);  // what the kernel made of it; without a line end
// What the operator has to do, and what of an earlier tree the machine keeps until a reboot.
std::string describe_left(const Generation& generation, const std::vector<Step>& waiting,
                          const std::vector<Setting>& kept);
std::string describe_steps(const std::vector<Step>& steps);
std::string describe_way_back(const Machine& machine,
                              const Generation& generation);  // what a roll-back would do
std::string describe_undone(const Generation& generation);    // what may be to do after a roll-back
std::string on_one_line(const std::string& value);            // of the kernel
std::string describe(const Machine& machine, const Plan& plan);

void say_dropped(const Machine& machine, const std::vector<int>& generations);

bool is_of_reboot(const Step& step);
bool leaves_reboot(const Generation& generation);
// /run/reboot-required and its .pkgs, which login messages, kured and unattended-upgrades read. What others
// have written there stays.
void announce_reboot(const Machine& machine, bool is_needed);

}  // namespace tunec::host
