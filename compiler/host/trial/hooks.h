// Programs of the operator. Whoever administers the host puts executables into directories, and a trial runs
// them, sorted by name, as run-parts(8) and greenboot do. Each has a time limit. What it prints goes to the
// report. If it ends with anything but 0, it is named, with the last line that it printed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/machine.h"

namespace tunec::host {

struct Hooks {
  std::string_view directory;  // below the root
  int seconds = 0;             // for each
  bool all = true;             // false: the first that fails is the last that runs
};
// Whether the host does its work in the trial boot.
inline constexpr Hooks health_checks{"etc/tunec/health.d", 120};
// Such as moving guests to other hosts.
inline constexpr Hooks before_reboot{"etc/tunec/before-reboot.d", 3600, false};
inline constexpr Hooks after_confirm{"etc/tunec/after-confirm.d", 600};

struct HookNames {
  std::vector<std::string> runs;     // sorted
  std::vector<std::string> refused;  // "/PATH REASON"
};
HookNames names_of(const Machine& machine, const Hooks& hooks);

// A sentence for each that failed. Their environment is PATH, and TUNEC_GENERATION with the number of the
// generation.
std::vector<std::string> run_hooks(const Machine& machine, const Hooks& hooks, int generation);

// Throws Refused if a file there could not run: whoever put it there expects that it does.
void refuse_what_cannot_run(const Machine& machine);
// Which health checks a trial will run.
void announce_hooks(const Machine& machine);

}  // namespace tunec::host
