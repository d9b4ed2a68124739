// The stages from planned hosts to files. The pipeline runs them on the site's hosts, driver/tests.h on the
// hosts of each test. What they find goes to the reporter; only the end of a run asks whether there were
// errors.
#pragma once

#include "check/checks.h"
#include "render/render.h"

namespace tunec {

// Proves everything that must hold of a plan.
void check_plan(const Plan& plan, const CheckInput& input, Reporter& reporter);

// The carriers that are on by default.
Backends default_backends();

// Writes the plan in memory, and checks what was written: every setting has one carrier and stands in a file.
RenderedFleet render_plan(const Plan& plan, const Backends& backends, const Forms& forms,
                          const Sources& sources, Reporter& reporter);

}  // namespace tunec
