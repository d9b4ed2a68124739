// libvirt's qemu.conf. Its reader is strict about types: after a quoted number or a bare word, the QEMU
// driver does not start. So the JSON type of each value decides how it is written.
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "render/backend.h"
#include "render/quote.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"qemu"};

std::string list_text(const nlohmann::ordered_json& items) {
  std::vector<std::string> texts;
  for (const auto& item : items)
    texts.push_back(item.is_string() ? quote_libvirt(item.get<std::string>()) : item.dump());
  return texts.empty() ? "[ ]" : fmt::format("[ {} ]", fmt::join(texts, ", "));
}

std::string value_text(const Setting& setting) {
  const nlohmann::ordered_json value = to_json(setting);
  // libvirt's reader accepts a text in place of a list of one; its Augeas lens accepts only the text.
  const auto& seen = setting.param->sightings;
  const bool lens_wants_text = !seen.empty() && seen.back().type == "str";
  if (value.is_array() && value.size() == 1 && lens_wants_text)
    return quote_libvirt(value[0].get<std::string>());
  if (value.is_array()) return list_text(value);
  return value.is_string() ? quote_libvirt(value.get<std::string>()) : spell(setting);
}

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  File& file = out.file("etc/libvirt/qemu.conf");
  file.mode(0600);  // it may hold passwords, and libvirt's packages have it so
  file.plain(fmt::format("# {}", written_by));
  for (const Setting* setting : host.settings)
    file.line(*setting, "{} = {}", setting->key, value_text(*setting));
  // A host has one of them: libvirt's daemon for everything, or the one for QEMU alone. systemctl takes
  // patterns that fit nothing.
  Step& step = out.restart(
      "libvirtd.service", Restart::now, "systemctl try-restart 'libvirtd*.service' 'virtqemud*.service'",
      "libvirt reads qemu.conf when it starts; guests go on running", {.needs = ready_for_services});
  step.instead = {"virtqemud.service"};
  step.leaves_processes = true;
}

}  // namespace

extern const Backend backend_qemu{
    .name = "qemu",
    .summary = "libvirt's QEMU driver",
    .surfaces = surfaces,
    .emit = emit,
};

}  // namespace tunec
