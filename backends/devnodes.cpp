// Owner, group and mode of nodes below /dev, by udev rules: a node gets them whenever its device appears.
#include <algorithm>

#include <fmt/format.h>

#include "render/backend.h"
#include "render/instances.h"
#include "render/quote.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"devnode"};

// udev knows vfio/12 as 12 of the subsystem vfio; a name that a rule gives has no folder.
std::string match(std::string_view node, const Settings& settings) {
  const std::size_t slash = node.rfind('/');
  std::string text;
  const bool says_subsystem = find_key(settings, "SUBSYSTEM") != nullptr;
  if (slash != std::string_view::npos && !says_subsystem)
    text = fmt::format("SUBSYSTEM=={}, ", quote_udev(node.substr(0, slash)));
  if (const Setting* subsystem = find_key(settings, "SUBSYSTEM"))
    text = fmt::format("SUBSYSTEM=={}, ", quote_udev(spell(*subsystem)));
  const std::string_view name = slash == std::string_view::npos ? node : node.substr(slash + 1);
  return text + fmt::format("KERNEL=={}", quote_udev(name));
}

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  File& file = out.file("etc/udev/rules.d/70-tunec-nodes.rules");
  file.plain(fmt::format("# {}", written_by));
  for (const auto& [node, settings] : by_instance(host.settings)) {
    std::string rule = match(node, settings);
    for (const Setting* setting : settings) {
      if (setting->key != "SUBSYSTEM")
        rule += fmt::format(", {}={}", setting->key, quote_udev(spell(*setting)));
    }
    file.joined(settings, rule);
  }
  out.step(Effect::reload, "udevadm control --reload && udevadm trigger --action=change",
           "applies the rules to the nodes that are there");
}

}  // namespace

extern const Backend backend_devnodes{
    .name = "devnodes",
    .summary = "owner, group and mode of nodes below /dev",
    .surfaces = surfaces,
    .emit = emit,
};

}  // namespace tunec
