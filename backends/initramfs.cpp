// What the initramfs must contain and load: modules that the kernel or a device needs before the root file
// system is mounted. initramfs-tools has no drop-ins below /etc for lists of modules, so a hook adds them.
#include <algorithm>

#include <fmt/format.h>

#include "render/backend.h"
#include "render/initramfs.h"
#include "render/quote.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"initramfs"};

// dracut's lists need underscores: version 059 replaces only the first dash of the whole list.
std::string with_underscores(std::string module) {
  std::ranges::replace(module, '-', '_');
  return module;
}

// A file has the same path in the initramfs. dracut has keys for both.
void write_dracut(const Settings& settings, File& file) {
  file.plain(fmt::format("# {}", written_by));
  for (const Setting* setting : settings) {
    std::vector<std::string> items = spell_items(*setting);
    const bool modules = setting->key == "modules";
    if (modules) std::ranges::transform(items, items.begin(), with_underscores);
    file.line(*setting, "{}+=\" {} \"", modules ? "force_drivers" : "install_items",
              quote_shell_double(fmt::format("{}", fmt::join(items, " "))));
  }
}

void write_hook(const Settings& settings, File& file) {
  file.mode(0755);
  file.plain("#!/bin/sh");
  file.plain(fmt::format("# {}", written_by));
  file.plain("[ \"$1\" != prereqs ] || exit 0");
  file.plain(". /usr/share/initramfs-tools/hook-functions");
  for (const Setting* setting : settings) {
    const std::string_view command = setting->key == "modules" ? "force_load" : "copy_file config";
    for (const std::string& item : spell_items(*setting))
      file.line(*setting, "{} {}", command, quote_shell_word(item));
  }
}

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  if (has_dracut(host.platform)) write_dracut(host.settings, out.file("etc/dracut.conf.d/60-tunec.conf"));
  else write_hook(host.settings, out.file("etc/initramfs-tools/hooks/tunec"));
  make_initramfs(Effect::reboot, host.platform, out, "the initramfs holds what is listed");
}

}  // namespace

extern const Backend backend_initramfs{
    .name = "initramfs",
    .summary = "what the initramfs holds and loads, by initramfs-tools or dracut",
    .surfaces = surfaces,
    .emit = emit,
};

}  // namespace tunec
