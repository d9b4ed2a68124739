// Writes above each line of a rendered file where its settings were stated, as a comment:
//
//   # site.tune:12
//   vm.swappiness = 10
//
// A comment has a line of its own in every format: some readers take all that follows a value as part of it
// (sysctl.d, tmpfiles.d, modprobe.d). The sign of a comment is the one before the file's heading; a file
// without a heading has no comments (JSON, etc/kernel/cmdline) and stays as it is. Lines of the same origin
// that follow one another have one comment.
#pragma once

#include "render/render.h"
#include "source/sources.h"

namespace tunec {

// The numbers of the artifacts' lines are those of the new text.
void annotate(RenderedFleet& fleet, const Sources& sources);

// The file without such comments: what it was before.
std::string without_annotations(std::string_view content);

}  // namespace tunec
