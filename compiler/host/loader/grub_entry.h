// The text of a trial boot, as GRUB reads it: an entry of grub-mkconfig's that boots at most once, and the
// guard that lets it. Texts in, texts out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/loader/loader.h"

namespace tunec::host {

// The first entry of a grub.cfg.
struct GrubEntry : BootEntry {
  std::string options;  // of the entry itself, without its title and name: --class …, --unrestricted
  std::vector<std::string> lines;  // between its braces, as they stand
};
std::optional<GrubEntry> first_entry(std::string_view grub_cfg);

// What GRUB needs for a trial, between marker lines: the guard and the entry. While the variable of the guard
// is armed, GRUB first writes that the trial was tried, and boots the entry only if that was written.
// `boot_once` keeps `savedefault` and `recordfail` of the entry quiet. If the kernel cannot be loaded, `boot`
// fails and `reboot` ends the entry.
std::string trial_part(const GrubEntry& entry, const TrialEntry& trial);

// A custom.cfg with the part at its end, and without it again, byte for byte.
std::string with_part(std::string_view custom_cfg, std::string_view part);
std::string without_part(std::string_view custom_cfg);

inline constexpr std::string_view grub_variable = "tunec_trial";  // "armed", "tried"
// The value of a variable in the text of a grubenv; empty if there is none.
std::string grubenv_value(std::string_view grubenv, std::string_view name);

}  // namespace tunec::host
