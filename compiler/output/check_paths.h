// What keeps rendered files from being one tree, found before anything is written: two files of one path, a
// file where a directory has to be, a name that no file system takes.
#pragma once

#include "diagnostics/reporter.h"
#include "render/render.h"
#include "source/sources.h"

namespace tunec {

void check_paths(const RenderedFleet& rendered, const Sources& sources, Reporter& reporter);

}  // namespace tunec
