// Restarts of services: which are still to be done, and `apply --now --restart`, which makes them steps of a
// generation where they stop no guest.
#pragma once

#include "host/plan.h"

namespace tunec::host {

// Adds to what is left to the operator the restarts that an earlier apply left, and that nobody has done
// since.
void add_waiting_restarts(const Machine& machine, const Generation& before, Plan& plan);

// Moves restarts from what is left to the operator to the commands of the generation. Those that could stop
// guests stay, with the reason.
void take_restarts(const Machine& machine, Plan& plan);

}  // namespace tunec::host
