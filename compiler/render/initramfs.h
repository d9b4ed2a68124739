// The step that makes the initramfs anew, for all backends whose files it holds copies of.
#pragma once

#include <string>

#include "machine/platform.h"
#include "render/output.h"

namespace tunec {

bool has_dracut(const Platform& platform);

// For all kernels that are installed: which of them boots next is not known here.
void make_initramfs(Effect effect, const Platform& platform, Output& out, std::string why);

}  // namespace tunec
