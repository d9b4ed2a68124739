// Each surface that a plan uses is written by one of the selected backends, every setting is in a file or a
// command of the apply plan, and no line outgrows its reader.
#pragma once

#include <span>

#include "diagnostics/reporter.h"
#include "render/render.h"
#include "source/sources.h"

namespace tunec {

void check_carriers(const Plan& plan, std::span<const Backend* const> backends, const Sources& sources,
                    Reporter& reporter);
void check_written(const RenderedFleet& rendered, const Plan& plan, const Sources& sources,
                   Reporter& reporter);
void check_lines(const RenderedFleet& rendered, const Plan& plan, const Sources& sources, Reporter& reporter);

}  // namespace tunec
