// Finds, before anything is written, why rendered files cannot form one tree: two files of one path, a file
// where a directory is needed, or a name that no file system accepts.
#pragma once

#include "diagnostics/reporter.h"
#include "render/render.h"
#include "source/sources.h"

namespace tunec {

void check_paths(const RenderedFleet& rendered, const Sources& sources, Reporter& reporter);

}  // namespace tunec
