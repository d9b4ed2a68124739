// apply --trial, and the way back from it.
#include "host/trial/trial.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/lines.h"
#include "base/whole_number.h"
#include "host/apply/preflight.h"
#include "host/commands.h"
#include "host/engine.h"
#include "host/hold.h"
#include "host/live.h"
#include "host/loader/loader.h"
#include "host/report.h"
#include "host/trial/hooks.h"
#include "host/trial/notices.h"
#include "host/trial/preflight.h"
#include "host/trial/running.h"
#include "host/trial/steps.h"
#include "host/trial/units.h"

namespace tunec::host {
namespace {

constexpr std::string_view ends[] = {
#define WORD(word) word,
#include "host/trial/end_words.def"
#undef WORD
};

std::string_view key_of(std::string_view word) { return word.substr(0, word.find('=')); }

std::vector<std::string> words_for(const Machine& machine, const BootEntry& entry) {
  std::vector<std::string> words;
  for (const std::string_view end : ends) {
    const auto own = std::ranges::find_if(
        entry.words, [&](const std::string& word) { return key_of(word) == key_of(end); });
    if (own == entry.words.end()) words.emplace_back(end);
    else if (*own != end)
      machine.warn(
          fmt::format("the trial keeps `{}` of the command line, though `{}` would end more boots that "
                      "fail\n",
                      *own, end));
  }
  return words;
}

// Splits off what the boot loader's own configuration would take, and the commands that make it take them.
Trial make_trial(const Machine& machine, const BootLoader& loader, const TrialOptions& options,
                 Generation& generation) {
  Trial trial;
  trial.loader = loader.place();
  if (changes_initrd(loader, generation)) trial.initrd = trial.loader.folder + "/tunec-trial.img";
  trial.confirm_within = options.confirm_within;
  std::vector<GenerationFile> files;
  for (GenerationFile& file : generation.files)
    (file.changed && loader.takes(file.path) ? trial.staged : files).push_back(std::move(file));
  generation.files = std::move(files);
  std::vector<std::string> live;
  for (std::string& command : generation.commands)
    (makes_initrd(command) ? trial.commit : live).push_back(std::move(command));
  std::vector<Step> left;
  for (Step& step : generation.left) {
    if (step.effect == "reboot") trial.commit.push_back(std::move(step.command));
    else left.push_back(std::move(step));
  }
  generation.left = std::move(left);
  // The boot does what the live ones do. A roll-back after the commit runs all of them.
  generation.commands = std::move(live);
  generation.commands.insert(generation.commands.end(), trial.commit.begin(), trial.commit.end());
  trial.failed_before = failed_units(machine).value_or(std::vector<std::string>());
  for (std::string& name : shortages(machine, generation)) trial.failed_before.push_back(std::move(name));
  trial.directories = missing_unit_directories(machine);
  return trial;
}

// An initrd that the entry of today does not boot.
void make_initrd(const Machine& machine, const Trial& trial, const BootEntry& entry) {
  if (entry.initrd.empty())
    throw Failed{
        fmt::format("the entry of {} has no initrd, but the tree changes what is in it", trial.loader.name)};
  const auto maker = std::ranges::find_if(trial.commit,
                                          [](const std::string& command) { return makes_initrd(command); });
  const std::string command = own_initrd_command(*maker, Files(machine.root).shown(trial.initrd),
                                                 entry.version);
  machine.say(fmt::format("run: {}\n", command));
  if (const int status = machine.run(command); status != 0)
    throw Failed{fmt::format("`{}` failed with status {}", command, status)};
}

// The reboot waits for what the operator wants done before it. Nothing is armed yet, so that whatever fails,
// or whoever resets the machine meanwhile, leaves a host that boots as it did.
void get_ready_to_reboot(const Machine& machine, const Generation& generation) {
  const std::vector<std::string> failures = run_hooks(machine, before_reboot, generation.number);
  if (!failures.empty()) throw Failed{fmt::format("there is no reboot: {}", fmt::join(failures, "; "))};
}

// Enabling them is the operator's, after the commit. But the trial is about a boot with them.
std::vector<std::string> units_at_boot(const Generation& generation) {
  std::vector<std::string> units;
  for (const Step& step : generation.manifest.steps) {
    if (step.at_boot) units.push_back(with_ending(step.unit));
  }
  return units;
}

void prepare(const Machine& machine, Generations& generations, Generation& generation, bool reboot) {
  generations.set_phase(generation, Phase::preparing, 0);
  const Trial& trial = *generation.trial;
  const auto loader = loader_at(machine, trial.loader);
  // First: they take back what a power cut interrupts.
  install_units(machine, *loader, trial.directories, units_at_boot(generation));
  Engine(machine, generations, nullptr).put_files(generation);
  const BootEntry entry = loader->stage(generations.directory(generation.number), trial.staged);
  const std::string running = read_value(machine, "/proc/sys/kernel/osrelease").value_or("");
  if (entry.version != running)
    machine.warn(fmt::format("the trial boots Linux {}, and this host runs {}\n", entry.version, running));
  if (!trial.initrd.empty()) make_initrd(machine, trial, entry);
  const std::string_view initrd = trial.initrd;
  loader->put(
      {generation.number, words_for(machine, entry), std::string(initrd.substr(initrd.rfind('/') + 1))});
  if (reboot) get_ready_to_reboot(machine, generation);
  generations.save_running(generation, running_now(machine));
  loader->arm();
  generations.set_phase(generation, Phase::trying, 0);
}

int prepare_or_take_back(const Machine& machine, Generations& generations, Generation& generation,
                         bool reboot) {
  std::string failure;
  try {
    prepare(machine, generations, generation, reboot);
  } catch (const Failed& failed) {
    failure = failed.text;
  } catch (const TreeFault& fault) {
    failure = fault.text;
  }
  if (failure.empty()) return exit_to_do;
  machine.warn(fmt::format("{}: generation {} is undone\n", failure, generation.number));
  take_back(machine, generations, generation);
  return exit_failed;
}

int announce(const Machine& machine, const Generation& generation, bool reboot) {
  announce_reboot(machine, true);
  machine.say(fmt::format("generation {} is on trial: the next boot is its trial boot\n", generation.number));
  if (!generation.left.empty()) machine.say("what is left to you counts after the commit\n");
  machine.say(describe_left(generation, {}, {}));
  announce_hooks(machine);
  if (const int seconds = generation.trial->confirm_within; seconds != 0)
    machine.say(
        fmt::format("if it is good, `tunec-host confirm` within {} s makes it last; without that the machine "
                    "falls back\n",
                    seconds));
  for (const std::string& guest : not_coming_back(machine, generation)) machine.warn(guest + "\n");
  for (const std::string& end : unnoticed_ends(machine)) machine.warn(end + "\n");
  if (!reboot) return exit_to_do;
  return machine.run("systemctl reboot") == 0 ? exit_as_wanted : exit_to_do;
}

}  // namespace

std::optional<int> trial_of_boot(const Machine& machine) {
  const std::string line = read_value(machine, "/proc/cmdline").value_or("");
  constexpr std::string_view key = "tunec.trial=";
  for (const std::string_view word : split(line, ' ')) {
    if (word.starts_with(key)) return whole_number<int>(word.substr(key.size()));
  }
  return std::nullopt;
}

int apply_trial(const Machine& machine, const TreeChoice& choice, const TrialOptions& options) {
  if (!machine.live)
    throw Refused{"the files of an image do not boot here: --now without a trial writes them"};
  Manifest manifest = read_tree(machine, choice);
  Hold hold(machine);
  Generations& generations = hold.generations;
  refuse_interrupted(generations);
  refuse_on_trial(generations);
  const std::optional<int> current = generations.current();
  const std::optional<Generation> before = current ? std::optional(generations.load(*current)) : std::nullopt;
  Plan plan = make_plan(machine, std::move(manifest), before ? &*before : nullptr);
  const auto loader = loader_of(machine);
  check_trial(machine, *loader, plan);
  refuse_what_cannot_run(machine);
  if (!options.force) refuse_by_preflight(machine, plan, Counts::at_boot);
  machine.say(describe_files(plan) + describe_values(plan));
  Generation& generation = plan.generation;
  generation.trial = make_trial(machine, *loader, options, generation);
  generation.values = std::move(plan.values);
  generations.create(generation);
  generations.save_values(generation);
  const int code = prepare_or_take_back(machine, generations, generation, options.reboot);
  return code == exit_to_do ? announce(machine, generation, options.reboot) : code;
}

int go_on(const Machine& machine, Generations& generations, Generation& generation) {
  if (generation.phase == Phase::committing) {
    const std::string failure = commit(machine, generations, generation);
    if (failure.empty()) return after_commit(machine, generation);
    machine.warn(fmt::format("{}: generation {} is undone\n", failure, generation.number));
    generations.save_verdict(generation, "the commit failed: " + failure);
  }
  if (generation.phase != Phase::preparing)
    return take_back(machine, generations, generation) ? exit_as_wanted : exit_failed;
  const int code = prepare_or_take_back(machine, generations, generation, false);
  return code == exit_to_do ? announce(machine, generation, false) : code;
}

std::optional<int> resume_trial(const Machine& machine) {
  if (!machine.live) return std::nullopt;
  Hold hold(machine);
  Generations& generations = hold.generations;
  const std::optional<int> number = generations.interrupted();
  if (!generations.on_trial()) remove_left_over(machine, generations);
  if (!number || number != generations.on_trial()) return std::nullopt;
  Generation generation = generations.load(*number);
  return go_on(machine, generations, generation);
}

std::optional<int> rollback_trial(const Machine& machine, std::optional<int> number, bool force) {
  if (!machine.live) return std::nullopt;
  Hold hold(machine);
  Generations& generations = hold.generations;
  const std::optional<int> open = generations.on_trial();
  if (!open || (number && *number > *open)) return std::nullopt;
  Generation generation = generations.load(*open);
  refuse_changed(machine, generations, generation, force);
  if (!take_back(machine, generations, generation)) return exit_failed;
  if (number && *number < *open) return std::nullopt;
  if (trial_of_boot(machine) != *open) return exit_as_wanted;
  machine.say("this is still its trial boot: reboot\n");
  return exit_to_do;
}

}  // namespace tunec::host
