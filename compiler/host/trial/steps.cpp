#include "host/trial/steps.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "base/lines.h"
#include "host/engine.h"
#include "host/live.h"
#include "host/loader/loader.h"
#include "host/plan.h"
#include "host/report.h"
#include "host/shell.h"
#include "host/trial/hooks.h"
#include "host/trial/notices.h"
#include "host/trial/running.h"
#include "host/trial/units.h"
#include "host/verify/report.h"

namespace tunec::host {
namespace {

// The boot loader has nothing of the trial after it. Returns why that failed, or an empty text.
std::string clean_boot_loader(const Machine& machine, const Trial& trial) {
  try {
    const auto loader = loader_at(machine, trial.loader);
    if (std::string absent = loader->absent(); !absent.empty()) return absent;
    loader->disarm();
    loader->remove();
    if (!trial.initrd.empty()) Files(machine.root).set(trial.initrd, std::nullopt);
    loader->settle();
    return "";
  } catch (const Failed& failed) {
    return failed.text;
  } catch (const TreeFault& fault) {
    return fault.text;
  }
}

void end_trial(const Machine& machine, const Generations& generations, const Generation& generation) {
  for (const char* timer : {"tunec-trial-overdue.timer", "tunec-trial-confirm.timer"})
    machine.run(fmt::format("systemctl stop {} 2>/dev/null", timer));
  remove_units(machine, generation.trial->directories);
  remove_motd(machine);
  // An earlier apply may wait for a boot too.
  const std::optional<int> current = generations.current();
  announce_reboot(machine, current && waits_for_boot(machine, generations.load(*current).manifest));
}

// The words of the tree, as the entry that boots from now on has them.
void check_committed(const BootLoader& loader, const Generation& generation) {
  const auto entry = loader.booted_from_now_on();
  const std::string line = entry ? fmt::format("{}", fmt::join(entry->words, " ")) : "";
  for (const Setting& setting : generation.manifest.settings) {
    if (setting.read == command_line && !shows(setting.read, line, setting.expect))
      throw Failed{fmt::format("{}: the entry of {} does not have `{}`, though {} was run", setting.name,
                               loader.entry_name(), setting.expect, loader.maker())};
  }
}

void make_it_last(const Machine& machine, Generations& generations, Generation& generation) {
  Trial& trial = *generation.trial;
  std::ranges::move(trial.staged, std::back_inserter(generation.files));
  trial.staged.clear();
  // All of them count as begun: a roll-back runs them again.
  generations.set_phase(generation, Phase::committing, generation.commands.size());
  Engine(machine, generations, nullptr).put_files(generation);
  for (const std::string& command : trial.commit) {
    machine.say(fmt::format("run: {}\n", command));
    if (const int status = machine.run(command); status != 0)
      throw Failed{fmt::format("`{}` failed with status {}", command, status)};
  }
  check_committed(*loader_at(machine, trial.loader), generation);
  if (const std::string problem = clean_boot_loader(machine, trial); !problem.empty()) throw Failed{problem};
  generations.save_verdict(generation, "");
  generations.set_phase(generation, Phase::applied, generation.begun);
}

}  // namespace

std::optional<std::vector<std::string>> failed_units(const Machine& machine) {
  const auto text = machine.output("systemctl list-units --failed --plain --no-legend --no-pager");
  if (!text) return std::nullopt;
  std::vector<std::string> units;
  for (const std::string_view line : split(*text, '\n')) {
    const std::string_view name = line.substr(0, line.find(' '));
    if (!name.empty() && !name.starts_with("tunec-trial")) units.emplace_back(name);
  }
  return units;
}

std::vector<std::string> shortages(const Machine& machine, const Generation& generation) {
  std::vector<std::string> names;
  for (const Finding& finding : look(evidence_of(machine), wanted_by(generation, boot_id(machine)))) {
    if (finding.kind == "floor" && finding.status != Status::equal) names.push_back(finding.name);
  }
  return names;
}

void note_rounded(const Machine& machine, const Generations& generations, Generation& generation) {
  std::vector<LiveValue>& known = generation.values;
  for (const LiveValue& at_boot : compare_values(machine, generation.manifest.settings, &generation).differ) {
    LiveValue value = at_boot;
    const auto own = std::ranges::find(known, value.path, &LiveValue::path);
    if (own != known.end()) value.before = own->before;  // a roll-back gives it back
    if (!write_live(machine, generation.manifest, value).empty()) continue;
    const bool is_of_kernel = value.is_rounded && value.got == at_boot.before;
    if (!is_of_kernel) write_value(machine, at_boot.path, writable(at_boot.before));
    else if (own != known.end()) *own = std::move(value);
    else known.push_back(std::move(value));
  }
  generations.save_values(generation);
}

std::vector<std::string> problems_of_boot(const Machine& machine, const Generation& generation) {
  std::vector<std::string> problems;
  Wanted wanted = wanted_by(generation, boot_id(machine));
  // Each is started here. Enabling it is the operator's, after the commit.
  for (Step& step : wanted.manifest.steps) step.at_boot = false;
  Verified result{generation.manifest.host, generation.number, look(evidence_of(machine), wanted)};
  const auto& before = generation.trial->failed_before;
  // A boot itself drives up the load, such as waiting for disks.
  std::erase_if(result.findings, [&](const Finding& finding) {
    return finding.kind == "load" ||
           (finding.kind == "floor" && std::ranges::find(before, finding.name) != before.end());
  });
  machine.say(table_of(result));
  if (exit_code_of(result.findings) != exit_as_wanted) {
    for (const Finding& finding : result.findings) {
      std::string line = line_of(finding);
      line.pop_back();  // its line end
      if (!is_fine(finding)) problems.push_back(std::move(line));
    }
  }
  const auto failed = failed_units(machine);
  if (!failed) problems.emplace_back("systemctl does not say which units failed");
  for (const std::string& unit : failed.value_or(std::vector<std::string>())) {
    if (std::ranges::find(before, unit) == before.end()) problems.push_back(fmt::format("{} failed", unit));
  }
  // Mounts and timers that are enabled stay active; a service may have done its work and ended.
  for (const GenerationFile& file : generation.files) {
    const auto [directory, name] = split_path(file.path);
    const bool stays = name.ends_with(".mount") || name.ends_with(".timer");
    if (!file.after || directory != "etc/systemd/system" || !stays) continue;
    if (machine.run(fmt::format("systemctl is-enabled --quiet {}", quoted(name))) == 0 &&
        machine.run(fmt::format("systemctl is-active --quiet {}", quoted(name))) != 0)
      problems.push_back(fmt::format("{} is not active", name));
  }
  std::ranges::move(no_longer_running(machine, generation.trial->before), std::back_inserter(problems));
  std::ranges::move(run_hooks(machine, health_checks, generation.number), std::back_inserter(problems));
  return problems;
}

std::string commit(const Machine& machine, Generations& generations, Generation& generation) {
  try {
    make_it_last(machine, generations, generation);
  } catch (const Failed& failed) {
    return failed.text;
  } catch (const TreeFault& fault) {
    return fault.text;
  }
  end_trial(machine, generations, generation);
  machine.say(fmt::format("generation {} is applied, and boots from now on\n", generation.number));
  say_dropped(machine, generations.drop_old());
  return "";
}

int after_commit(const Machine& machine, const Generation& generation) {
  const std::vector<std::string> failures = run_hooks(machine, after_confirm, generation.number);
  if (failures.empty()) return exit_as_wanted;
  const std::string text = fmt::format("generation {} is applied, but this is left to you: {}\n",
                                       generation.number, fmt::join(failures, "; "));
  machine.warn(text);
  write_motd(machine, text);
  return exit_to_do;
}

void remove_left_over(const Machine& machine, const Generations& generations) {
  const std::vector<int> numbers = generations.numbers();
  const std::optional<Trial> last = numbers.empty() ? std::nullopt : generations.load(numbers.back()).trial;
  (last ? loader_at(machine, last->loader) : loader_of(machine))->disarm();
  remove_units(machine, last ? last->directories : std::vector<std::string>());
}

bool take_back(const Machine& machine, Generations& generations, Generation& generation, While state) {
  generations.set_phase(generation, Phase::cancelling, generation.begun);
  const Engine engine(machine, generations, nullptr);
  std::vector<std::string> problems;
  try {
    const std::string left = clean_boot_loader(machine, *generation.trial);
    problems = engine.restore_files(generation);
    const bool later = state == While::boots && generation.begun > 0;
    if (!later) {
      // grub.cfg too goes back, whatever is left in custom.cfg.
      engine.run_again(generation, problems);
      const bool is_over = left.empty() && state != While::falls_back;
      generations.set_phase(generation, is_over ? Phase::undone : Phase::cancelling, 0);
      if (is_over) end_trial(machine, generations, generation);
    }
    if (!left.empty()) problems.push_back(left + ": `tunec-host resume` goes on with it");
  } catch (const TreeFault& fault) {
    problems.push_back(fault.text + ": `tunec-host resume` goes on with it");
  }
  for (const std::string& problem : problems) machine.warn(problem + "\n");
  if (problems.empty()) machine.say(fmt::format("generation {} is taken back\n", generation.number));
  return problems.empty();
}

}  // namespace tunec::host
