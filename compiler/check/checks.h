// What must hold of a plan: every setting is there on its host's platform, and every policy is kept. Done per
// class of hosts wherever a host's own settings have no say.
#pragma once

#include "check/input.h"

namespace tunec {

void check_availability(const Plan& plan, const CheckInput& input, Reporter& reporter);
// What sets one thing in the kernel to different values.
void check_disagreements(const Plan& plan, const CheckInput& input, Reporter& reporter);
// Lines that may go without loss.
void check_hints(const Plan& plan, const CheckInput& input, Reporter& reporter);
void check_policies(const Plan& plan, const CheckInput& input, Reporter& reporter);

}  // namespace tunec
