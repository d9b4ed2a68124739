#include "render/initramfs.h"

#include <utility>

namespace tunec {

bool has_dracut(const Platform& platform) { return platform.initramfs == "dracut"; }

void make_initramfs(Effect effect, const Platform& platform, Output& out, std::string why) {
  if (platform.initramfs.empty())
    out.note("initramfs-tools is assumed; if the host has dracut, state `initramfs = dracut` in its facts");
  out.step(effect, has_dracut(platform) ? "dracut --regenerate-all --force" : "update-initramfs -u -k all",
           std::move(why), {.makes = Ready::initramfs});
}

}  // namespace tunec
