// Checks rendered files: one of the backends writes each surface of the plan, every setting is in a file or
// in a command of the apply plan, and no line is longer than its reader accepts.
#pragma once

#include "catalogue/forms.h"
#include "diagnostics/reporter.h"
#include "render/render.h"
#include "source/sources.h"

namespace tunec {

void check_carriers(const Plan& plan, const Backends& backends, const Forms& forms, const Sources& sources,
                    Reporter& reporter);
void check_every_setting_is_written(const RenderedFleet& rendered, const Plan& plan, const Backends& backends,
                                    const Sources& sources, Reporter& reporter);
void check_line_lengths(const RenderedFleet& rendered, const Plan& plan, const Sources& sources,
                        Reporter& reporter);

}  // namespace tunec
