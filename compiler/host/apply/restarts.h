// `apply --now --restart`: restarts of services as steps of a generation, where they stop no guest.
#pragma once

#include "host/plan.h"

namespace tunec::host {

// Takes the restarts that could stop no guest out of what is left to the operator, and returns their
// commands. The others stay, with the reason.
std::vector<std::string> take_restarts(const Machine& machine, const Manifest& manifest,
                                       std::vector<Step>& left);

}  // namespace tunec::host
