// What happens at the boots of a trial: systemd starts these commands (units.h), and somebody confirms.
#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "host/commands.h"
#include "host/hold.h"
#include "host/live.h"
#include "host/loader/loader.h"
#include "host/trial/hooks.h"
#include "host/trial/notices.h"
#include "host/trial/running.h"
#include "host/trial/steps.h"
#include "host/trial/trial.h"
#include "host/trial/units.h"

namespace tunec::host {
namespace {

const Machine& live(const Machine& machine) {
  if (!machine.live) throw Refused{"an image has no trial boot"};
  return machine;
}

// Units have nobody who would start them again.
Hold waited_for(const Machine& machine) { return Hold(live(machine), true); }

std::optional<Generation> open_trial(const Generations& generations) {
  const std::optional<int> number = generations.on_trial();
  return number ? std::optional(generations.load(*number)) : std::nullopt;
}

void reboot(const Machine& machine) {
  machine.run("systemctl reboot || systemctl --force reboot || reboot -f");
}

// Why the machine did not boot the trial, or not to its end.
std::string reason_of(const Machine& machine, const Generation& generation) {
  if (!generation.trial->verdict.empty()) return "nobody confirmed it before the machine was booted again";
  const std::string reason = loader_at(machine, generation.trial->loader)->why_not_booted();
  return reason.empty()
             ? "its boot ended before it could be judged: by a panic, a reset, or somebody's reboot"
             : reason;
}

std::string fell_back(const Generation& generation) {
  return fmt::format("the trial of generation {} fell back: {}\n", generation.number,
                     generation.trial->verdict);
}

void say_everywhere(const Machine& machine, const std::string& text) {
  machine.warn(text);
  write_motd(machine, text);
}

// In the trial boot: gives the files back, and boots the old entry, which says so (boot() below).
int fall_back(const Machine& machine, Hold& hold, Generation& generation, std::string reason) {
  hold.generations.save_verdict(generation, std::move(reason));
  say_everywhere(machine, fell_back(generation));
  take_back(machine, hold.generations, generation, While::falls_back);
  reboot(machine);
  return exit_failed;
}

int commit_or_fall_back(const Machine& machine, Hold& hold, Generation& generation) {
  const std::string failure = commit(machine, hold.generations, generation);
  if (failure.empty()) return after_commit(machine, generation);
  return fall_back(machine, hold, generation, "the commit failed: " + failure);
}

// A trial that nobody knows any more: it was taken back, but the boot loader did not see that.
int without_trial(const Machine& machine, const Generations& generations) {
  remove_left_over(machine, generations);
  const std::optional<int> number = trial_of_boot(machine);
  if (!number) return exit_as_wanted;
  say_everywhere(
      machine,
      fmt::format("this boot is the trial of generation {}, which was taken back: reboot\n", *number));
  return exit_to_do;
}

// Seconds.
long uptime(const Machine& machine) {
  return std::strtol(read_value(machine, "/proc/uptime").value_or("").c_str(), nullptr, 10);
}

std::string state_of(const Machine& machine, const Generation& generation) {
  if (generation.boot_id == boot_id(machine)) return "armed, and the next boot is its trial boot";
  if (trial_of_boot(machine) != generation.number)
    return "but this is not its trial boot, and its units did not run: `tunec-host rollback` takes it back";
  if (generation.trial->verdict.empty()) return "in its trial boot, which is not judged yet";
  const long left = generation.trial->due - uptime(machine);
  return left > 0 ? fmt::format("{}; {} s are left", generation.trial->verdict, left)
                  : generation.trial->verdict;
}

}  // namespace

int boot(const Machine& machine) {
  Hold hold = waited_for(machine);
  std::optional<Generation> generation = open_trial(hold.generations);
  if (!generation) return without_trial(machine, hold.generations);
  if (generation->boot_id == boot_id(machine)) return exit_as_wanted;  // it is still to be booted
  if (generation->phase == Phase::committing) return exit_as_wanted;   // the judge goes on with it
  const bool is_its_boot = trial_of_boot(machine) == generation->number;
  if (is_its_boot && generation->phase != Phase::cancelling) {
    // Arming is the last thing that prepares it, so all is there.
    if (generation->phase == Phase::preparing) hold.generations.set_phase(*generation, Phase::trying, 0);
    machine.say(fmt::format("this is the trial boot of generation {}\n", generation->number));
    return exit_as_wanted;
  }
  if (generation->phase != Phase::cancelling)
    hold.generations.save_verdict(*generation, reason_of(machine, *generation));
  const bool has_units = std::ranges::any_of(generation->files, [](const GenerationFile& file) {
    return file.changed && file.path.starts_with("etc/systemd/");
  });
  const bool is_back = take_back(machine, hold.generations, *generation, While::boots);
  if (has_units) machine.run("systemctl daemon-reload");
  if (is_its_boot) reboot(machine);
  // Somebody took it back, and was interrupted.
  if (generation->trial->verdict.empty()) return is_back ? exit_as_wanted : exit_failed;
  say_everywhere(machine, fell_back(*generation));
  return exit_failed;
}

int judge(const Machine& machine) {
  // Nothing is changed meanwhile, and whoever ends a trial that hangs needs the lock.
  machine.output("systemctl is-system-running --wait");  // its verdict follows below
  machine.output("udevadm settle --timeout=120");        // disks and cards may come later than services
  Hold hold = waited_for(machine);
  std::optional<Generation> generation = open_trial(hold.generations);
  if (!generation || generation->boot_id == boot_id(machine)) return exit_as_wanted;
  if (generation->phase == Phase::committing || generation->phase == Phase::cancelling)
    return go_on(machine, hold.generations, *generation);
  if (trial_of_boot(machine) != generation->number || !generation->trial->verdict.empty())
    return exit_as_wanted;
  note_rounded(machine, hold.generations, *generation);
  wait_until_running(machine, generation->trial->before);
  const std::vector<std::string> problems = problems_of_boot(machine, *generation);
  if (!problems.empty())
    return fall_back(machine, hold, *generation, fmt::format("{}", fmt::join(problems, "; ")));
  const int seconds = generation->trial->confirm_within;
  if (seconds == 0) return commit_or_fall_back(machine, hold, *generation);
  const std::string timer = fmt::format(
      "systemd-run --unit=tunec-trial-confirm --on-active={} --timer-property=AccuracySec=1s {} boot "
      "unconfirmed",
      seconds, machine.program);
  if (machine.run(timer) != 0) return fall_back(machine, hold, *generation, "systemd-run failed");
  hold.generations.save_due(*generation, uptime(machine) + seconds);
  hold.generations.save_verdict(*generation, fmt::format("good, and waits {} s for a confirmation", seconds));
  // Until now it would have ended a trial that nobody judged; from now on the other timer does.
  machine.run("systemctl stop tunec-trial-overdue.timer");
  say_everywhere(machine,
                 fmt::format("generation {} is on trial: `tunec-host confirm` within {} s makes it last\n",
                             generation->number, seconds));
  return exit_to_do;
}

int overdue(const Machine& machine, bool judged) {
  Hold hold = waited_for(machine);
  std::optional<Generation> generation = open_trial(hold.generations);
  const bool is_due = generation && generation->phase == Phase::trying &&
                      trial_of_boot(machine) == generation->number &&
                      generation->trial->verdict.empty() != judged;
  if (!is_due) return exit_as_wanted;
  return fall_back(machine, hold, *generation,
                   judged ? "nobody confirmed it in time" : "its boot was not complete after 15 minutes");
}

namespace {

// The judge holds the machine while it waits for what ran before, and while health checks run.
Hold not_while_judged(const Machine& machine) {
  try {
    return Hold(live(machine));
  } catch (const Busy&) {
    const std::optional<Generation> generation = open_trial(Generations(machine));
    const bool is_judged = generation && generation->phase == Phase::trying &&
                           generation->trial->verdict.empty();
    if (!is_judged || trial_of_boot(machine) != generation->number) throw;
    throw Refused{
        fmt::format("the trial boot of generation {} is being judged: `tunec-host status` says when that is "
                    "done",
                    generation->number)};
  }
}

}  // namespace

int confirm(const Machine& machine) {
  Hold hold = not_while_judged(machine);
  std::optional<Generation> generation = open_trial(hold.generations);
  if (!generation) throw Refused{"no generation is on trial"};
  if (generation->phase != Phase::trying) refuse_interrupted(hold.generations);
  if (trial_of_boot(machine) != generation->number)
    throw Refused{fmt::format("generation {} is on trial, but this is not its trial boot: reboot first",
                              generation->number)};
  if (generation->trial->verdict.empty())
    throw Refused{
        fmt::format("the trial boot of generation {} is not judged yet: wait until the boot is complete",
                    generation->number)};
  const std::vector<std::string> problems = problems_of_boot(machine, *generation);
  for (const std::string& problem : problems) machine.warn(problem + "\n");
  if (!problems.empty()) return exit_differs;
  return commit_or_fall_back(machine, hold, *generation);
}

int report_with_trial(const Machine& machine, int (*report)(const Machine&)) {
  const Generations generations(machine);
  const std::vector<int> numbers = generations.numbers();
  const std::optional<Generation> last = numbers.empty() ? std::nullopt
                                                         : std::optional(generations.load(numbers.back()));
  const bool fell = last && last->trial && last->phase == Phase::undone && !last->trial->verdict.empty();
  const bool is_open = last && last->phase == Phase::trying;
  if (fell) machine.say(fell_back(*last));
  if (is_open) {
    machine.say(fmt::format("generation {} is on trial: {}\n", last->number, state_of(machine, *last)));
  }
  try {
    const int code = report(machine);
    return fell ? exit_failed : is_open && code == exit_as_wanted ? exit_to_do : code;
  } catch (const Refused&) {
    if (!fell) throw;
    return exit_failed;  // that there is no generation beside it is no news
  }
}

}  // namespace tunec::host
