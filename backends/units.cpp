// Our own units, and drop-ins for units of others.
#include <map>

#include <fmt/format.h>

#include "render/backend.h"
#include "render/instances.h"
#include "render/quote.h"
#include "render/spell.h"
#include "render/unit_file.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"unit", "dropin"};

// Directives to which a drop-in would add a value, and not replace it. systemd refuses a second command, and
// a second timer would fire in addition. So an empty directive first clears the values of the shipped unit.
// Commands around the service itself (…Pre, …Post) stay beside those of the shipped unit.
bool adds_up(const Setting& setting) {
  const std::string_view key = setting.key;
  return (key.starts_with("Service.Exec") && key.ends_with("Start")) || key.starts_with("Timer.On");
}

void write_sections(const Settings& settings, bool dropin, File& file) {
  file.plain(fmt::format("# {}", written_by));
  for (const std::string_view section : sections_of(settings)) {
    file.plain(fmt::format("[{}]", section));
    // All empty directives come first: an empty OnCalendar= also clears the timer's other triggers.
    for (const Setting* setting : settings) {
      if (dropin && section_of(*setting) == section && adds_up(*setting))
        file.line(*setting, "{}=", directive_of(*setting));
    }
    for (const Setting* setting : settings) {
      if (section_of(*setting) == section) write_directive(*setting, file);
    }
  }
}

// Whether a unit is enabled; for a template, which of its instances is.
struct Enabled {
  bool wanted = false;
  std::string instance;
};

// A slice gets its new limits when systemd reads them.
bool is_live(std::string_view name) { return name.ends_with(".slice"); }

// Puts a unit, or a drop-in for it, into effect. For a template, and for all units whose names begin alike,
// that means the running units. A template is enabled through its default instance.
void restart(const std::string& name, const Enabled& enabled, Output& out) {
  const std::size_t dot = name.rfind('.'), before = dot == std::string::npos ? 0 : dot - 1;
  if (dot == std::string::npos) {  // a drop-in for all services
    out.note(fmt::format("what is set for every {} counts from its next start", name));
    return;
  }
  if (is_live(name)) return;
  const bool is_template = dot > 0 && name[before] == '@';
  const bool several = is_template || (dot > 0 && name[before] == '-');
  const std::string which = several ? name.substr(0, dot) + "*" + name.substr(dot) : name;
  const std::string word = quote_shell_word(which), own_word = quote_shell_word(name);
  const Order order{.needs = ready_for_services};
  if (enabled.wanted && is_template && !enabled.instance.empty()) {
    const std::string unit = name.substr(0, dot) + enabled.instance + name.substr(dot);
    out.restart(unit, Restart::at_boot_too,
                fmt::format("systemctl enable {} && systemctl restart {}", own_word, quote_shell_word(unit)),
                fmt::format("{} runs with its new settings, now and at boot", unit), order);
  }
  if (enabled.wanted && !several) {
    out.restart(name, Restart::at_boot_too,
                fmt::format("systemctl enable {0} && systemctl restart {0}", word),
                fmt::format("{} runs with its new settings, now and at boot", name), order);
  } else {
    const std::string_view verb = name.ends_with(".mount") ? "try-reload-or-restart" : "try-restart";
    out.restart(which, Restart::if_running, fmt::format("systemctl {} {}", verb, word),
                fmt::format("{} runs with what it was started with", name), order);
  }
}

void take_install(const Settings& settings, Enabled& enabled) {
  enabled.wanted |= has_section(settings, "Install");
  for (const Setting* setting : settings) {
    if (section_of(*setting) == "Install" && directive_of(*setting) == "DefaultInstance")
      enabled.instance = spell(*setting);
  }
}

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  std::map<std::string, Enabled> changed;
  for (const auto& [name, settings] : by_instance(host.on("unit"))) {
    File& file = out.new_file("etc/systemd/system/" + name);
    if (is_live(name)) file.at_most(Effect::reload);
    write_sections(settings, false, file);
    take_install(settings, changed[name]);
  }
  for (const auto& [name, settings] : by_instance(host.on("dropin"))) {
    File& file = out.new_file(fmt::format("etc/systemd/system/{}.d/60-tunec.conf", name));
    if (is_live(name)) file.at_most(Effect::reload);
    write_sections(settings, true, file);
    take_install(settings, changed[name]);
  }
  out.step(Effect::reload, "systemctl daemon-reload", "systemd reads its units anew",
           {.makes = Ready::units});
  for (const auto& [name, enabled] : changed) restart(name, enabled, out);
}

}  // namespace

extern const Backend backend_units{
    .name = "units",
    .summary = "units of systemd, and drop-ins for others' units",
    .surfaces = surfaces,
    .emit = emit,
};

}  // namespace tunec
