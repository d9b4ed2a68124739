// The stages from planned hosts to files. The pipeline runs them on the site's hosts, driver/tests.h on the
// hosts of each test. Their findings go to the reporter; only the end of a run looks whether there were
// errors.
#pragma once

#include "check/checks.h"
#include "render/render.h"

namespace tunec {

// Checks everything that must hold of a plan.
void check_plan(const Plan& plan, const CheckInput& input, Reporter& reporter);

// The carriers that are on by default.
Backends default_backends();

// Renders the plan in memory, and checks the result: every setting has one carrier and is in a file.
RenderedFleet render_plan(const Plan& plan, const Backends& backends, const Forms& forms,
                          const Sources& sources, Reporter& reporter);

}  // namespace tunec
