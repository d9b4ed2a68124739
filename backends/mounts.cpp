// Mount units, one for each mount point; systemd wants the file named after the directory.
#include <fmt/format.h>

#include "render/backend.h"
#include "render/instances.h"
#include "render/quote.h"
#include "render/unit_file.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"mount"};

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
  if (host.settings.empty()) return;
  for (const auto& [where, settings] : by_instance(host.settings)) {
    const std::string name = escape_unit_path(where) + ".mount";
    write_unit(where, settings, out.new_file("etc/systemd/system/" + name));
    const std::string_view verb = has_section(settings, "Install") ? "enable --now" : "start";
    out.step(Effect::reload, fmt::format("systemctl {} {}", verb, quote_shell_word(name)),
             fmt::format("mounts {}", where));
  }
  out.step(Effect::reload, "systemctl daemon-reload", "systemd reads its units anew");
}

}  // namespace

extern const Backend backend_mounts{
    .name = "mounts",
    .summary = "mount units",
    .surfaces = surfaces,
    .emit = emit,
};

}  // namespace tunec
