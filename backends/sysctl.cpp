// Kernel parameters below /proc/sys, which systemd-sysctl sets at boot. Comments have lines of their own:
// text after a value is part of the value.
#include <algorithm>

#include <fmt/format.h>

#include "render/backend.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::string_view surfaces[] = {"sysctl"}, command = "sysctl --system";

// sysctl.d(5) swaps dots and slashes where a dot comes first, so a VLAN's dot is written as a slash:
// net.ipv4.conf.eth0/100.rp_filter.
std::string key_of(const Setting& setting) {
  const bool dotted = std::ranges::any_of(
      setting.instances, [](const std::string& name) { return name.find('.') != name.npos; });
  if (!dotted) return setting.key;
  std::string key = setting.param->key;
  for (std::string instance : setting.instances) {
    std::ranges::replace(instance, '.', '/');
    if (const std::size_t hole = key.find("{}"); hole != std::string::npos) key.replace(hole, 2, instance);
  }
  return key;
}

// A path has a slash where sysctl.d has a dot, and a dot where sysctl.d has a slash.
std::string read_path(const Setting& setting) {
  std::string path = key_of(setting);
  for (char& c : path) c = c == '.' ? '/' : c == '/' ? '.' : c;
  return "/proc/sys/" + path;
}

const ReadBack reads[] = {
    {"sysctl", read_path, [](const Setting& setting) { return spell(setting); }, command}};

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  // If a file of the distribution would set a key again, the key goes into a file that sorts behind that one.
  const auto write = [&](bool late, const char* path) {
    File* file = nullptr;
    for (const Setting* setting : host.settings) {
      if (host.platform.sets_late(setting->key) != late) continue;
      if (file == nullptr) {
        file = &out.file(path);
        file->plain(fmt::format("# {}", written_by));
      }
      file->line(*setting, "{} = {}", key_of(*setting), spell(*setting));
    }
  };
  for (const Setting* setting : host.settings) {
    if (setting->param->mode == WriteMode::one_way)
      out.note(fmt::format("{} goes one way, until the next boot: {}", key_of(*setting),
                           setting->param->mode_note));
  }
  write(false, "etc/sysctl.d/90-tunec.conf");
  write(true, "etc/sysctl.d/zz-tunec.conf");
  out.step(Effect::live, std::string(command), "sets what sysctl.d says",
           {.needs = Ready::modules | Ready::interfaces, .makes = Ready::kernel_state});
}

}  // namespace

extern const Backend backend_sysctl{
    .name = "sysctl",
    .summary = "kernel parameters below /proc/sys",
    .surfaces = surfaces,
    .reads = reads,
    .emit = emit,
};

}  // namespace tunec
