// Mount units, one for each mount point; systemd requires that the directory is the file's name.
#include <algorithm>

#include <fmt/format.h>

#include "render/backend.h"
#include "render/instances.h"
#include "render/quote.h"
#include "render/spell.h"
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
      if (section_of(*setting) == section) write_directive(*setting, file);
    }
  }
}

// Whether the type is one that systemd.mount(5) lists, or an option is `_netdev`, which says the same for
// other types.
bool needs_network(const Settings& settings) {
  constexpr std::string_view words[] = {"_netdev",   "afs",   "ceph",   "cifs",  "davfs", "gfs", "gfs2",
                                        "glusterfs", "gpfs",  "lustre", "ncp",   "ncpfs", "nfs", "nfs4",
                                        "ocfs2",     "pvfs2", "smb3",   "smbfs", "sshfs"};
  const auto says_so = [&](std::string_view word) {
    if (word.starts_with("fuse.")) word.remove_prefix(5);
    return std::ranges::find(words, word) != std::end(words);
  };
  return std::ranges::any_of(settings, [&](const Setting* setting) {
    return section_of(*setting) == "Mount" && std::ranges::any_of(spell_items(*setting), says_so);
  });
}

// With `wanted_by = []`, another unit starts it.
bool is_enabled(const Settings& settings) {
  return !has_section(settings, "Install") || std::ranges::any_of(settings, [](const Setting* setting) {
    return section_of(*setting) == "Install" && !spell_items(*setting).empty();
  });
}

void emit(const HostView& host, Output& out) {
  if (host.settings.empty()) return;
  for (const auto& [where, settings] : by_instance(host.settings)) {
    const std::string name = escape_unit_path(where) + ".mount";
    File& file = out.new_file("etc/systemd/system/" + name);
    write_unit(where, settings, file);
    const bool enabled = is_enabled(settings);
    const std::string word = (name.starts_with('-') ? "-- " : "") + quote_shell_word(name);
    if (!has_section(settings, "Install")) {
      file.plain("[Install]");
      file.plain(fmt::format("WantedBy={}-fs.target", needs_network(settings) ? "remote" : "local"));
    }
    out.restart(name, enabled ? Restart::at_boot_too : Restart::if_running,
                enabled ? fmt::format("systemctl enable {0} && systemctl reload-or-restart {0}", word)
                        : fmt::format("systemctl try-reload-or-restart {}", word),
                fmt::format("mounts {}{}", where, enabled ? " now and at boot" : " anew, if it is mounted"),
                {.needs = Ready::units | Ready::modules | Ready::interfaces, .makes = Ready::mounts});
  }
  out.step(Effect::reload, "systemctl daemon-reload", "systemd reads its units anew",
           {.makes = Ready::units});
}

}  // namespace

extern const Backend backend_mounts{
    .name = "mounts",
    .summary = "mount units",
    .surfaces = surfaces,
    .emit = emit,
};

}  // namespace tunec
