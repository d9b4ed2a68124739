// `apply --now --restart`: restarts of services as steps of a generation, where they stop no guest.
#pragma once

#include "host/plan.h"

namespace tunec::host {

// Moves restarts from what is left to the operator to the commands of the generation. Those that could stop
// guests stay, with the reason.
void take_restarts(const Machine& machine, Plan& plan);

}  // namespace tunec::host
