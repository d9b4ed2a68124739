// The step that rebuilds the initramfs, for all backends whose files it contains copies of.
#pragma once

#include <string>

#include "machine/platform.h"
#include "render/output.h"

namespace tunec {

bool has_dracut(const Platform& platform);

// Rebuilds it for all installed kernels, since it is unknown which of them boots next.
void make_initramfs(Effect effect, const Platform& platform, Output& out, std::string why);

}  // namespace tunec
