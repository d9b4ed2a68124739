// What an apply would do, as text for people: the files' differences, the values, the commands.
#pragma once

#include <string>

#include "host/plan.h"

namespace tunec::host {

// Lines of files that not everybody may read are not shown.
std::string describe_files(const Plan& plan);
std::string describe_values(const Plan& plan);
std::string describe_left(const Generation& generation);    // what the operator has to do, and
std::string describe_undone(const Generation& generation);  // what may be to do after a roll-back
std::string describe(const Machine& machine, const Plan& plan);

}  // namespace tunec::host
