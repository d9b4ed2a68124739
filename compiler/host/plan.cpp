#include "host/plan.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <unistd.h>

#include "host/live.h"
#include "host/shell.h"

namespace tunec::host {
namespace {

using Paths = std::set<std::string_view>;

FileState wanted_state(const WantedFile& file) {
  return {file.content, file.mode, ::geteuid(), ::getegid(), std::nullopt, ""};
}

// A dry run needs no root, and shows what it can.
State read_now(const Files& files, const std::string& path, Plan& plan) {
  try {
    return files.read(path);
  } catch (const TreeFault& fault) {
    if (::geteuid() == 0 || !fault.text.ends_with("Permission denied")) throw;
    plan.unreadable.push_back(fault.text);
    return std::nullopt;
  }
}

void compare_file(const Files& files, std::string path, State after, Plan& plan) {
  GenerationFile file{std::move(path), std::nullopt, std::move(after), false};
  const std::size_t unreadable = plan.unreadable.size();
  file.before = read_now(files, file.path, plan);
  file.changed = plan.unreadable.size() == unreadable && !same(file.before, file.after);
  if (file.changed && file.before && !file.before->not_kept.empty())
    throw Refused{
        fmt::format("{}: has {}, which a roll-back could not give back: take it away, or move the file",
                    files.shown(file.path), file.before->not_kept)};
  if (file.changed && file.after) {
    for (std::string& directory : files.missing_directories(file.path)) {
      auto& all = plan.generation.directories;
      if (std::ranges::find(all, directory) == all.end()) all.push_back(std::move(directory));
    }
  }
  plan.generation.files.push_back(std::move(file));
}

// The operator restarts and reboots: both may stop guests.
bool is_left(const Step& step) { return step.effect != "live" && step.effect != "reload"; }

// A step without files carries settings itself, which must be read back to know.
bool is_needed(const Machine& machine, const Step& step, const Paths& changed, const Manifest& manifest) {
  if (!step.files.empty())
    return std::ranges::any_of(step.files, [&](const std::string& file) { return changed.contains(file); });
  if (!machine.live) return true;  // the kernel here is not the image's
  const std::vector<Setting> settings = settings_of_files(evidence_of(machine), manifest.settings);
  return std::ranges::any_of(settings, [&](const Setting& setting) {
    if (!setting.file.empty()) return false;
    const auto shown = read_value(machine, setting.read);
    return !shown || !shows(setting.read, *shown, setting.expect);
  });
}

// What a unit had as its own goes with it; any other starts anew without the file.
template <typename Add>
void add_end_of(const Step& step, const Paths& removed, const Add& add) {
  const bool is_gone = std::ranges::all_of(step.files,
                                           [&](const std::string& file) { return removed.contains(file); });
  const bool is_own = removed.contains("etc/systemd/system/" + with_ending(step.unit));
  if (!step.at_boot && !is_own) return add(step);
  if (!step.at_boot || !is_gone) return;
  Step end = step;
  end.command = "systemctl disable --now " + quoted(step.unit);
  end.why = "the tree has it no more";
  add(end);
}

void plan_steps(const Machine& machine, const Generation* before, Plan& plan) {
  const Manifest* former = before == nullptr ? nullptr : &before->manifest;
  Generation& generation = plan.generation;
  Paths changed;
  for (const GenerationFile& file : generation.files) {
    if (file.changed) changed.insert(file.path);
  }
  // No command was run for what was only staged.
  if (plan.ends_stage) {
    for (const GenerationFile& file : before->files) {
      if (file.changed) changed.insert(file.path);
    }
  }
  std::set<std::string> seen;
  const auto add = [&](const Step& step) {
    if (step.sets_values) return;
    if (!seen.insert(step.command).second) return;
    if (is_left(step) || !machine.live) generation.left.push_back(step);
    else generation.commands.push_back(step.command);
  };
  for (const Step& step : generation.manifest.steps) {
    if (is_needed(machine, step, changed, generation.manifest)) add(step);
  }
  if (former == nullptr) return;
  // What a removed file was for has its steps in the tree that had the file. What they would start anew is
  // not wanted any more.
  Paths removed;
  for (const GenerationFile& file : generation.files) {
    if (file.changed && !file.after) removed.insert(file.path);
  }
  for (const Step& step : former->steps) {
    if (step.files.empty() || !is_needed(machine, step, removed, *former)) continue;
    if (step.effect == "restart") add_end_of(step, removed, add);
    else add(step);
  }
}

}  // namespace

bool Plan::changes_files() const { return std::ranges::any_of(generation.files, &GenerationFile::changed); }

std::string boot_id(const Machine& machine) {
  return machine.live ? read_value(machine, "/proc/sys/kernel/random/boot_id").value_or("") : "";
}

Values compare_values(const Machine& machine, const std::vector<Setting>& settings,
                      const Generation* before) {
  Values values;
  if (!machine.live) return values;
  for (const Setting& setting : settings_of_files(evidence_of(machine), settings)) {
    if (!setting.write || setting.effect != "live") continue;
    const std::optional<std::string> shown = read_value(machine, setting.read);
    if (!shown) {
      values.not_there.push_back(setting);
      continue;
    }
    if (shows(setting.read, *shown, setting.expect)) continue;
    LiveValue value{setting.name, setting.read, *shown, setting.expect, ""};
    const LiveValue* known = before == nullptr ? nullptr : made_of(before->values, setting, *shown);
    if (known != nullptr) value.got = *shown, value.is_rounded = known->is_rounded;
    (known != nullptr ? values.made_into_others : values.differ).push_back(std::move(value));
  }
  return values;
}

std::string write_live(const Machine& machine, const Manifest& manifest, LiveValue& value) {
  Written written = write_and_read_back(machine, value.path, value.before, value.wanted);
  if (!written.error.empty()) return written.error;
  const Evidence evidence = evidence_of(machine);
  const bool falls_short = std::ranges::any_of(manifest.checks, [&](const Check& check) {
    return check.kind == "effect" && check.name == value.name &&
           look_at(evidence, check).verdict != CheckResult::Verdict::right;
  });
  value.got = std::move(written.shown);
  value.is_rounded = written.is_rounded && !falls_short;
  return "";
}

std::vector<Setting> kept_settings(const Machine& machine, const Manifest& former, const Manifest& now) {
  std::vector<Setting> kept;
  if (!machine.live) return kept;
  const Evidence evidence = evidence_of(machine);
  const std::vector<Setting> settings = settings_of_files(evidence, now.settings);
  Paths read_now;
  for (const Setting& setting : settings) read_now.insert(setting.read);
  for (const Setting& setting : former.settings) {
    if (setting.effect == "reboot") continue;  // words of the command line go with the entry that has them
    const bool is_kept = std::ranges::any_of(
        settings_of_files(evidence, {setting}), [&](const Setting& file) {
          const auto shown = read_now.contains(file.read) ? std::nullopt : read_value(machine, file.read);
          return shown && shows(file.read, *shown, setting.expect);
        });
    if (is_kept) kept.push_back(setting);
  }
  return kept;
}

bool waits_for_boot(const Machine& machine, const Manifest& manifest) {
  return machine.live && std::ranges::any_of(manifest.settings, [&](const Setting& setting) {
           if (setting.effect != "reboot") return false;
           const auto shown = read_value(machine, setting.read);
           return shown && !shows(setting.read, *shown, setting.expect);
         });
}

Plan make_plan(const Machine& machine, Manifest manifest, const Generation* before) {
  Plan plan;
  const Files files(machine.root);
  plan.generation.boot_id = boot_id(machine);
  Paths wanted;
  for (WantedFile& file : manifest.files) {
    wanted.insert(file.path);
    compare_file(files, file.path, wanted_state(file), plan);
  }
  Paths owned;
  if (before != nullptr) {
    for (const GenerationFile& file : before->files) {
      if (!file.after) continue;
      owned.insert(file.path);
      if (!wanted.contains(file.path)) compare_file(files, file.path, std::nullopt, plan);
    }
  }
  for (const GenerationFile& file : plan.generation.files) {
    if (file.changed && file.before && !owned.contains(file.path)) plan.foreign.push_back(file.path);
  }
  plan.owns_the_same = before != nullptr && owned == wanted;
  plan.generation.manifest = std::move(manifest);
  plan.ends_stage = before != nullptr && machine.live && before->staged &&
                    before->boot_id == plan.generation.boot_id;
  plan_steps(machine, before, plan);
  Values values = compare_values(machine, plan.generation.manifest.settings, before);
  plan.values = std::move(values.differ);
  plan.made_into_others = std::move(values.made_into_others);
  plan.not_there = std::move(values.not_there);
  if (before != nullptr) plan.kept = kept_settings(machine, before->manifest, plan.generation.manifest);
  return plan;
}

}  // namespace tunec::host
