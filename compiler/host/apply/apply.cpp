// apply, rollback and resume: the commands that change a machine.
#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <unistd.h>

#include "host/apply/preflight.h"
#include "host/apply/restarts.h"
#include "host/commands.h"
#include "host/engine.h"
#include "host/hold.h"
#include "host/live.h"
#include "host/plan.h"
#include "host/report.h"
#include "host/verify/findings.h"

namespace tunec::host {
namespace {

constexpr std::string_view command_line = "/proc/cmdline";

// The platform of a tree ends with its kernel: "debian 12, Linux 6.1".
void warn_of_kernel(const Machine& machine, const Manifest& manifest) {
  constexpr std::string_view mark = "Linux ";
  const std::string running = machine.live ? read_value(machine, "/proc/sys/kernel/osrelease").value_or("")
                                           : "";
  const std::size_t at = manifest.platform.rfind(mark);
  if (running.empty() || at == std::string::npos) return;
  const std::string series = manifest.platform.substr(at + mark.size());
  const bool is_same = running.starts_with(series) &&
                       running.substr(series.size()).find_first_of("0123456789") != 0;
  if (!is_same)
    machine.warn(
        fmt::format("the tree is for Linux {}, and this host runs {}: state `kernel` in the host's facts\n",
                    series, running));
}

std::optional<Generation> load(const Generations& generations, std::optional<int> number) {
  return number ? std::optional(generations.load(*number)) : std::nullopt;
}

// The generation before one, as it was when that one was made.
std::optional<Generation> load_former(const Generations& generations, int number) {
  std::optional<int> former;
  for (const auto& [other, phase] : generations.phases()) {
    if (other < number && phase == Phase::applied) former = other;
  }
  return load(generations, former);
}

void warn_all(const Machine& machine, const std::vector<std::string>& problems) {
  for (const std::string& problem : problems) machine.warn(problem + "\n");
}

// The words of this boot's command line that a generation set which was taken back. They stay until a reboot.
std::set<std::string> words_until_reboot(const Machine& machine, const Generation& undone,
                                         const std::optional<Generation>& now) {
  std::set<std::string> words;
  for (const Setting& setting : undone.manifest.settings) {
    const bool is_word = setting.effect == "reboot" && setting.read == command_line;
    const auto file = std::ranges::find(undone.files, setting.file, &GenerationFile::path);
    if (!is_word || file == undone.files.end() || !file->changed) continue;
    const bool is_wanted = now && std::ranges::any_of(now->manifest.settings, [&](const Setting& other) {
                             return other.read == setting.read && other.expect == setting.expect;
                           });
    const auto shown = read_value(machine, setting.read);
    if (!is_wanted && shown && shows(setting.read, *shown, setting.expect)) words.insert(setting.expect);
  }
  return words;
}

int undo(const Machine& machine, Engine& engine, Generation& generation) {
  std::vector<std::string> problems;
  try {
    problems = engine.undo(generation);
  } catch (const TreeFault& fault) {
    machine.warn(fmt::format("{}\ngeneration {} is not wholly undone: `tunec-host resume` goes on\n",
                             fault.text, generation.number));
    return exit_failed;
  }
  warn_all(machine, problems);
  if (problems.empty()) {
    machine.say(fmt::format("generation {} is taken back\n", generation.number));
    return exit_as_wanted;
  }
  machine.warn(fmt::format("generation {}: its files are as before, but what is named above is not\n",
                           generation.number));
  return exit_failed;
}

// The words that stay although all of these are taken back. Said before anything is done.
std::set<std::string> say_what_stays(const Machine& machine, const Generations& generations,
                                     const std::vector<Generation>& undone) {
  std::set<std::string> words;
  if (!machine.live) return words;
  const std::optional<Generation> now = load_former(generations, undone.back().number);
  for (const Generation& generation : undone) words.merge(words_until_reboot(machine, generation, now));
  for (const std::string& word : words)
    machine.say(fmt::format("the running kernel keeps `{}` until a reboot\n", word));
  return words;
}

// Takes generations back, the newest first. Returns the exit code: whether that leaves commands to run, or a
// reboot.
int undo_all(const Machine& machine, const Generations& generations, std::vector<Generation>& undone,
             bool force) {
  const std::set<std::string> words = say_what_stays(machine, generations, undone);
  bool is_left = false, left_reboot = false;
  for (Generation& generation : undone) {
    Engine engine(machine, generations, nullptr);
    refuse_changed(machine, generations, generation, force);
    if (undo(machine, engine, generation) != exit_as_wanted) return exit_failed;
    machine.say(describe_undone(generation));
    is_left |= !generation.left.empty();
    left_reboot |= leaves_reboot(generation);
  }
  if (!machine.live) return exit_as_wanted;
  const std::optional<Generation> now = load(generations, generations.current());
  const bool is_needed = !words.empty() || (now && waits_for_boot(machine, now->manifest));
  if (left_reboot || is_needed) announce_reboot(machine, is_needed);
  return is_left || !words.empty() ? exit_to_do : exit_as_wanted;
}

// The newest first. Refused if there is nothing, or if it cannot be given back.
std::vector<Generation> to_take_back(const Generations& generations, std::optional<int> number) {
  std::vector<int> in_turn;
  const auto phases = generations.phases();
  for (auto entry = phases.rbegin(); entry != phases.rend(); ++entry) {
    if (entry->second == Phase::undone) continue;
    in_turn.push_back(entry->first);
    if (!number || entry->first == *number) break;
  }
  if (in_turn.empty()) throw Refused{"there is no generation to take back"};
  if (number && in_turn.back() != *number)
    throw Refused{fmt::format("generation {} is not in place: `tunec-host list` shows which are", *number)};
  std::vector<Generation> undone;
  for (const int next : in_turn) {
    undone.push_back(generations.load(next));
    if (undone.back().is_base)
      throw Refused{fmt::format(
          "generation {} cannot be taken back any more: the last {} can, and what was before them "
          "is not kept",
          next, generations_kept)};
  }
  return undone;
}

int carry_out(const Machine& machine, const Generations& generations, Generation& generation) {
  const std::optional<Generation> former = load_former(generations, generation.number);
  Engine engine(machine, generations, former ? &*former : nullptr);
  std::vector<std::string> problems;
  std::string failure;
  try {
    problems = engine.carry_out(generation);
  } catch (const Failed& failed) {
    failure = failed.text;
  } catch (const TreeFault& fault) {
    failure = fault.text;
  }
  if (!failure.empty()) {
    machine.warn(fmt::format("{}: generation {} is taken back\n", failure, generation.number));
    undo(machine, engine, generation);
    return exit_failed;
  }
  machine.say(fmt::format("generation {} is applied\n", generation.number));
  say_dropped(machine, generations.drop_old());
  machine.say(describe_left(
      generation, {},
      former ? kept_settings(machine, former->manifest, generation.manifest) : std::vector<Setting>()));
  warn_all(machine, problems);
  const bool to_do = machine.live && !generation.left.empty();
  if (machine.live)
    announce_reboot(machine, leaves_reboot(generation) || waits_for_boot(machine, generation.manifest));
  if (!problems.empty()) return exit_differs;
  return to_do || waits_for_boot(machine, generation.manifest) ? exit_to_do : exit_as_wanted;
}

// What earlier applies left, and is still to be done.
void find_waiting(const Machine& machine, const Generation& before, Plan& plan) {
  if (!machine.live) return;
  Generation wanted = before;
  wanted.manifest = plan.generation.manifest;
  plan.waiting = still_left(machine, wanted);
  const Generation& own = plan.generation;
  std::erase_if(plan.waiting, [&](const Step& step) {
    return std::ranges::find(own.left, step.command, &Step::command) != own.left.end() ||
           std::ranges::find(own.commands, step.command) != own.commands.end();
  });
}

// Moves what `--restart` does from what is left to what is run.
void take_all_restarts(const Machine& machine, Plan& plan) {
  Generation& generation = plan.generation;
  const std::vector<std::string> own = take_restarts(machine, generation.manifest, generation.left);
  generation.commands.insert(generation.commands.end(), own.begin(), own.end());
  generation.restarts = own.size();
  plan.late_restarts = take_restarts(machine, generation.manifest, plan.waiting);
}

int nothing_to_do(const Machine& machine, const Plan& plan) {
  const std::string left = describe_left(plan.generation, plan.waiting, {});
  machine.say(left.empty() ? "nothing to do\n" : "nothing to change\n" + left);
  std::vector<std::string> problems;
  for (const Setting& setting : plan.not_there)
    problems.push_back(fmt::format("{} is not there: {}", setting.name, setting.read));
  for (const LiveValue& value : plan.made_into_others) {
    if (!value.is_rounded) problems.push_back(describe_made(value));
  }
  warn_all(machine, problems);
  if (!problems.empty()) return exit_differs;
  const bool is_left = !left.empty() || waits_for_boot(machine, plan.generation.manifest);
  return is_left ? exit_to_do : exit_as_wanted;
}

// Restarts that an earlier apply left. Nothing is replaced, so they are of no generation. Returns whether all
// ended well, and takes out of what waits whatever does not wait any more.
bool restart_late(const Machine& machine, const Generation& before, Plan& plan) {
  for (const std::string& command : plan.late_restarts) {
    machine.say(fmt::format("run: {}\n", command));
    if (const int status = machine.run(command); status != 0) {
      machine.warn(
          fmt::format("`{}` failed with status {}; nothing else was changed by it\n", command, status));
      return false;
    }
  }
  if (!plan.late_restarts.empty()) find_waiting(machine, before, plan);
  return true;
}

std::string ways_to_apply(const Machine& machine, const Plan& plan) {
  if (!machine.live || !leaves_reboot(plan.generation)) return ", --now applies it";
  return ". --now applies it, and a reboot is left to you; --trial boots it once, and falls back if that "
         "boot is not good";
}

int dry_run(const Machine& machine, const TreeChoice& choice, const ApplyOptions& options) {
  Manifest manifest = read_tree(machine, choice);
  warn_of_kernel(machine, manifest);
  const Generations generations(machine);
  std::optional<Generation> before;
  std::string no_generations;
  try {
    refuse_unfinished(generations);
    before = load(generations, generations.current());
  } catch (const TreeFault& fault) {
    if (::geteuid() == 0) throw;
    no_generations = fault.text;
  }
  Plan plan = make_plan(machine, std::move(manifest), before ? &*before : nullptr);
  if (before) find_waiting(machine, *before, plan);
  if (options.restart) take_all_restarts(machine, plan);
  const bool changes = plan.changes_files() || !plan.values.empty() || plan.generation.restarts > 0 ||
                       !plan.late_restarts.empty() || plan.ends_stage || !plan.unreadable.empty();
  if (changes) machine.say(describe(machine, plan));
  warn_all(machine, plan.unreadable);
  if (!no_generations.empty())
    machine.warn(fmt::format("{}: files that an earlier tree had are not looked for\n", no_generations));
  if (!plan.unreadable.empty()) machine.warn("not everything can be read without root\n");
  const std::vector<std::string> reasons = options.force ? std::vector<std::string>()
                                                         : preflight(machine, plan);
  for (const std::string& reason : reasons) machine.warn(fmt::format("--now would be refused: {}\n", reason));
  if (!changes) return nothing_to_do(machine, plan);
  machine.say(fmt::format("nothing was changed: this was a dry run{}\n",
                          reasons.empty() ? ways_to_apply(machine, plan) : ""));
  return exit_differs;
}

// `boot`: that the generation is made in.
int apply_now(const Machine& machine, Generations& generations, Manifest manifest, const std::string& boot,
              const ApplyOptions& options) {
  refuse_interrupted(generations);
  refuse_on_trial(generations);
  const std::optional<Generation> before = load(generations, generations.current());
  Plan plan = make_plan(machine, std::move(manifest), before ? &*before : nullptr);
  if (before) find_waiting(machine, *before, plan);
  if (options.restart) take_all_restarts(machine, plan);
  if (!plan.changes_anything()) {
    const std::string& text = plan.generation.manifest.text;
    if (before && before->manifest.text != text) generations.set_manifest(before->number, text);
    if (before && !restart_late(machine, *before, plan)) return exit_failed;
    if (std::ranges::any_of(plan.waiting, is_of_reboot)) announce_reboot(machine, true);
    return nothing_to_do(machine, plan);
  }
  if (!options.force) refuse_by_preflight(machine, plan);
  machine.say(describe_files(plan) + describe_values(plan));
  plan.generation.staged = plan.generation.boot_id != boot;
  plan.generation.boot_id = boot;
  generations.create(plan.generation);
  const int code = carry_out(machine, generations, plan.generation);
  if (code == exit_failed || !before) return code;
  const bool is_well = restart_late(machine, *before, plan);
  if (!plan.waiting.empty()) machine.say("left by earlier ones\n" + describe_steps(plan.waiting));
  return !is_well ? exit_failed : code == exit_as_wanted && !plan.waiting.empty() ? exit_to_do : code;
}

}  // namespace

void refuse_changed(const Machine& machine, const Generations& generations, const Generation& generation,
                    bool force) {
  const auto changed = Engine(machine, generations, nullptr).changed_since(generation);
  if (changed.empty() || force) return;
  for (const std::string& path : changed)
    machine.warn(fmt::format("{}: was changed by somebody else since\n", path));
  throw Refused{
      fmt::format("generation {} is not taken back, for these changes would be lost: --force does it",
                  generation.number)};
}

int apply(const Machine& machine, const TreeChoice& choice, const ApplyOptions& options) {
  if (options.mode == ApplyMode::dry_run) return dry_run(machine, choice, options);
  const ApplyMode mode = options.mode;
  Machine as_asked = machine;
  if (mode == ApplyMode::stage) as_asked.live = false;
  Manifest manifest = read_tree(as_asked, choice);
  warn_of_kernel(as_asked, manifest);
  Hold hold(machine);
  const int code = apply_now(as_asked, hold.generations, std::move(manifest), boot_id(machine), options);
  if (mode != ApplyMode::stage || code != exit_as_wanted || !machine.live) return code;
  // Until then the staged files count for nothing.
  const std::optional<Generation> current = load(hold.generations, hold.generations.current());
  const bool waits = current && current->staged && current->boot_id == boot_id(machine);
  if (waits) announce_reboot(machine, true);
  return waits ? exit_to_do : code;
}

int rollback(const Machine& machine, std::optional<int> number, bool force) {
  const Hold hold(machine);
  std::vector<Generation> undone = to_take_back(hold.generations, number);
  return undo_all(machine, hold.generations, undone, force);
}

int show_rollback(const Machine& machine, std::optional<int> number) {
  const Generations generations(machine);
  const std::vector<Generation> undone = to_take_back(generations, number);
  say_what_stays(machine, generations, undone);
  for (const Generation& generation : undone)
    machine.say(fmt::format("generation {}, {}\n{}", generation.number, phase_name(generation.phase),
                            describe_way_back(machine, generation)));
  machine.say("nothing was changed: this was a dry run\n");
  return exit_differs;
}

int resume(const Machine& machine) {
  const Hold hold(machine);
  const Generations& generations = hold.generations;
  const std::optional<int> number = generations.interrupted();
  if (!number) {
    machine.say("nothing was interrupted\n");
    return exit_as_wanted;
  }
  std::vector<Generation> undone = {generations.load(*number)};
  if (undone.front().phase == Phase::applying) return carry_out(machine, generations, undone.front());
  return undo_all(machine, generations, undone, true);
}

}  // namespace tunec::host
