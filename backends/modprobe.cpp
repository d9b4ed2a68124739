// Options of modules, and the modules that are blacklisted or must be loaded first. The initramfs contains a
// copy of modprobe.d and loads modules with that copy's options, so a change rebuilds it.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "render/backend.h"
#include "render/initramfs.h"
#include "render/quote.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"module", "modprobe"};

// One line for each module, since the kernel reads its options as one text.
void options(const Settings& settings, File& file) {
  std::map<std::string, Settings> by_module;
  const auto module_of = [](const Setting& setting) { return setting.key.substr(0, setting.key.find('.')); };
  for (const Setting* setting : settings) by_module[module_name(module_of(*setting))].push_back(setting);
  for (const auto& [module, its] : by_module) {
    std::string line = "options " + module_of(*its.front());
    for (const Setting* setting : its) {
      line += fmt::format(" {}={}", setting->key.substr(setting->key.find('.') + 1),
                          quote_modprobe(quote_module_option(spell(*setting))));
    }
    file.joined(its, line);
  }
}

// The kernel's own spelling of a module has no dashes. Some parameters cannot be read there.
std::string read_path(const Setting& setting) {
  const std::size_t dot = setting.key.find('.');
  if (dot == std::string::npos) return "";
  return fmt::format("/sys/module/{}/parameters/{}", module_name(setting.key.substr(0, dot)),
                     setting.key.substr(dot + 1));
}

const ReadBack reads[] = {{"module", read_path, [](const Setting& setting) { return spell(setting); }}};

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  File& file = out.file("etc/modprobe.d/tunec.conf");
  file.plain(fmt::format("# {}", written_by));
  const Settings of_modules = host.on("module");
  options(of_modules, file);
  if (!of_modules.empty())
    out.note("an option of a module counts from the next time that the module is loaded, or after a reboot");
  for (const Setting* setting : host.on("modprobe")) {
    for (const std::string& item : spell_items(*setting))
      file.line(*setting, "{} {}", setting->key, quote_modprobe(item));
  }
  const auto effect = [](const Setting* setting) { return setting->param->effect; };
  make_initramfs(effect(*std::ranges::max_element(host.settings, {}, effect)), host.platform, out,
                 "the initramfs holds a copy of modprobe.d");
}

}  // namespace

extern const Backend backend_modprobe{
    .name = "modprobe",
    .summary = "options of modules, softdep and blacklist lines",
    .surfaces = surfaces,
    .reads = reads,
    .emit = emit,
};

}  // namespace tunec
