// Modules that systemd loads at boot, one a line. Planning has added the modules that other settings need.
#include <fmt/format.h>

#include "render/backend.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"modules-load"};

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  File& file = out.file("etc/modules-load.d/tunec.conf");
  file.plain(fmt::format("# {}", written_by));
  for (const Setting* setting : host.settings) {
    for (const std::string& module : spell_items(*setting)) file.line(*setting, "{}", module);
  }
  out.step(Effect::live, "systemctl restart systemd-modules-load", "loads the modules that are listed",
           {.needs = Ready::udev_rules, .makes = Ready::modules});
}

}  // namespace

extern const Backend backend_modules_load{
    .name = "modules-load",
    .summary = "modules loaded at boot",
    .surfaces = surfaces,
    .emit = emit,
};

}  // namespace tunec
