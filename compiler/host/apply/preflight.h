// What stands against an apply, looked at before anything is changed: another machine than the site
// describes, somebody else who is writing, guests that would be harmed, files that would take the effect
// away, no room for a boot image.
#pragma once

#include <string>
#include <vector>

#include "host/evidence.h"
#include "host/plan.h"

namespace tunec::host {

// When what is applied begins to count.
enum class Counts { now, at_boot };

// One line for each reason, with what to do: "PROBLEM: REMEDY". Empty: nothing stands against it.
std::vector<std::string> preflight(const Machine& machine, const Plan& plan, Counts when = Counts::now);

// Throws Refused with the last of them, and warns of the others.
void refuse_by_preflight(const Machine& machine, const Plan& plan, Counts when = Counts::now);

}  // namespace tunec::host
