// Units of our own, and drop-ins for those that others ship.
#include <set>

#include <fmt/format.h>

#include "render/backend.h"
#include "render/instances.h"
#include "render/quote.h"
#include "render/unit_file.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"unit", "dropin"};

// Directives to which a drop-in would add a value instead of replacing it. systemd refuses a second command,
// and a second timer would fire in addition. An empty directive first clears the values of the shipped unit.
bool adds_up(const Setting& setting) {
  const std::string_view key = setting.key;
  return key.starts_with("Service.Exec") || key.starts_with("Timer.On");
}

void write_sections(const Settings& settings, bool dropin, File& file) {
  file.plain(fmt::format("# {}", written_by));
  for (const std::string_view section : sections_of(settings)) {
    file.plain(fmt::format("[{}]", section));
    // All of them before any other: an empty OnCalendar= clears the timer's other triggers too.
    for (const Setting* setting : settings) {
      if (dropin && section_of(*setting) == section && adds_up(*setting))
        file.line(*setting, "{}=", directive_of(*setting));
    }
    for (const Setting* setting : settings) {
      if (section_of(*setting) == section)
        file.line(*setting, "{}={}", directive_of(*setting), spell_directive(*setting));
    }
  }
}

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  std::set<std::string> changed;
  for (const auto& [name, settings] : by_instance(host.on("unit"))) {
    write_sections(settings, false, out.new_file("etc/systemd/system/" + name));
    changed.insert(name);
    if (!has_section(settings, "Install")) continue;
    out.step(Effect::reload, fmt::format("systemctl enable --now {}", quote_shell_word(name)),
             fmt::format("starts {} now and at boot", name));
  }
  for (const auto& [name, settings] : by_instance(host.on("dropin"))) {
    write_sections(settings, true, out.new_file(fmt::format("etc/systemd/system/{}.d/60-tunec.conf", name)));
    changed.insert(name);
  }
  out.step(Effect::reload, "systemctl daemon-reload", "systemd reads its units anew");
  for (const std::string& name : changed) {
    if (name.ends_with(".slice")) continue;  // a slice takes its new limits when systemd reads them
    out.step(Effect::restart, fmt::format("systemctl try-restart {}", quote_shell_word(name)),
             fmt::format("{} runs with what it was started with", name));
  }
}

}  // namespace

extern const Backend backend_units{
    .name = "units",
    .summary = "units of systemd, and drop-ins for others' units",
    .surfaces = surfaces,
    .emit = emit,
};

}  // namespace tunec
