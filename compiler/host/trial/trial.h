// A trial boot: the new command line boots once, and the machine goes back by itself unless that boot was
// good.
//
//   apply --trial   puts the files of the generation in place, but not those that the boot loader's own
//                   configuration would take; makes an entry that boots at most once (loader/loader.h); arms
//                   it last
//   boot            before modules are loaded and sysctls are set: if this is not the trial boot, takes it
//                   back
//   boot judge      when the trial boot is complete: verifies it; commits, waits for somebody, or falls back
//   confirm         commits: puts the staged files in place, and makes the loader's own configuration anew
//
// A power cut at any moment ends in the old state, or after the verdict in the new one. Nothing here arms or
// confirms but `apply --trial` and the commands above.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/generations.h"
#include "host/plan.h"
#include "host/tree.h"

namespace tunec::host {

struct TrialOptions {
  int confirm_within = 0;  // seconds after the boot is complete; 0: nobody outside is waited for
  bool reboot = false;
  bool force = false;  // whatever stands against an apply (host/preflight.h)
};

// The commands; each returns an exit code.
int apply_trial(const Machine& machine, const TreeChoice& choice, const TrialOptions& options);
int confirm(const Machine& machine);
// These are started by systemd, as units.h says.
int boot(const Machine& machine);
int judge(const Machine& machine);
// Nobody judged the boot in time; judged: nobody confirmed it in time.
int overdue(const Machine& machine, bool judged);

// What the other commands do if there is an open trial; nothing: there is none.
std::optional<int> resume_trial(const Machine& machine);
// Nothing also if generations before it are to be taken back, too.
std::optional<int> rollback_trial(const Machine& machine, std::optional<int> number, bool force);
// `list` and `status`, and before it a line of the trial that is open, or of the last if it fell back. Such a
// one is exit code 1 until the next generation.
int report_with_trial(const Machine& machine, int (*report)(const Machine&));

// The number of the generation that this boot is the trial of.
std::optional<int> trial_of_boot(const Machine& machine);
// Goes on with a trial that was interrupted.
int go_on(const Machine& machine, Generations& generations, Generation& generation);

}  // namespace tunec::host
