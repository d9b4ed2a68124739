// Mount units, one for each mount point; systemd wants the file named after the directory.
#include <map>

#include <fmt/format.h>

#include "render/backend.h"
#include "render/quote.h"
#include "render/unit_file.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"mount"};

using Settings = std::vector<const Setting*>;

void write_unit(const std::string& where, const Settings& settings, File& file) {
  file.plain(fmt::format("# {}", written_by));
  for (const std::string_view section : sections_of(settings)) {
    file.plain(fmt::format("[{}]", section));
    if (section == "Mount") file.joined(settings, fmt::format("Where={}", quote_systemd(where)));
    for (const Setting* setting : settings) {
      if (section_of(*setting) == section)
        file.line(*setting, "{}={}", directive_of(*setting), spell_directive(*setting));
    }
  }
}

void emit(const HostView& host, Output& out) {
  std::map<std::string, Settings> by_directory;
  for (const Setting* setting : host.settings) {
    if (!setting->instances.empty()) by_directory[setting->instances[0]].push_back(setting);
  }
  for (const auto& [where, settings] : by_directory) {
    const std::string name = escape_unit_path(where) + ".mount";
    write_unit(where, settings, out.file("etc/systemd/system/" + name));
    const std::string_view verb = has_section(settings, "Install") ? "enable --now" : "start";
    out.step(Effect::reload, fmt::format("systemctl {} {}", verb, quote_shell_word(name)),
             fmt::format("mounts {}", where));
  }
  if (!by_directory.empty())
    out.step(Effect::reload, "systemctl daemon-reload", "systemd reads its units anew");
}

}  // namespace

extern const Backend backend_mounts{
    .name = "mounts",
    .summary = "mount units",
    .surfaces = surfaces,
    .on_by_default = true,
    .emit = emit,
    .emit_fleet = nullptr,
};

}  // namespace tunec
