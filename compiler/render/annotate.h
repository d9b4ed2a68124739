// Writes a comment above each line of a rendered file, with the place of the statements that set it:
//
//   # site.tune:12
//   vm.swappiness = 10
//
// In every format, a comment has a line of its own: some readers take everything after a value as part of it
// (sysctl.d, tmpfiles.d, modprobe.d). A comment begins with the same sign as the file's heading. A file
// without a heading cannot have comments (JSON, etc/kernel/cmdline), and stays as it is. Consecutive lines of
// the same origin share one comment.
#pragma once

#include "render/render.h"
#include "source/sources.h"

namespace tunec {

// The artifacts' line numbers are then those of the new text.
void annotate(RenderedFleet& fleet, const Sources& sources);

// The file without such comments: what it was before.
std::string without_annotations(std::string_view content);

}  // namespace tunec
