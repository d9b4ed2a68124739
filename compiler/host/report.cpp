#include "host/report.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lines.h"
#include "base/text_diff.h"
#include "host/live.h"

namespace tunec::host {
namespace {

constexpr unsigned all_may_read = 0004;

bool is_private(const State& state) { return state && (state->mode & all_may_read) == 0; }

std::string attributes(const State& state) {
  return fmt::format("mode {:04o}, owner {}:{}", state->mode, state->uid, state->gid);
}

std::string effect_of(const Generation& generation, const std::string& path) {
  for (const WantedFile& file : generation.manifest.files) {
    if (file.path == path) return file.effect;
  }
  return "";
}

std::string what_happens(const GenerationFile& file, const std::string& effect) {
  if (!file.after) return "is removed: the tree has it no more";
  return fmt::format("{}, effect: {}", file.before ? "changes" : "is new", effect);
}

std::string difference(const std::string& name, const State& from, const State& to) {
  if (is_private(from) || is_private(to)) return "  its lines are private\n";
  return unified_diff(from ? name : "/dev/null", from ? from->content : "", to ? name : "/dev/null",
                      to ? to->content : "");
}

bool is_comment(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t");
  return begin == line.npos || line[begin] == '#' || line[begin] == ';';
}

// A file of somebody else may be long, with a few lines that count.
std::string describe_loss(const GenerationFile& file) {
  if (!file.after) return "";
  const std::vector<std::string_view> lines = split(file.after->content, '\n');
  const std::set<std::string_view> now(lines.begin(), lines.end());
  std::size_t lost = 0;
  for (const std::string_view line : split(file.before->content, '\n')) {
    if (!is_comment(line) && !now.contains(line)) ++lost;
  }
  const std::string what = lost == 0 ? "nothing but comments is lost"
                                     : fmt::format("{} of its lines that are no comments {} lost", lost,
                                                   lost == 1 ? "is" : "are");
  return fmt::format("  tunec did not write the file that was there: {}\n", what);
}

}  // namespace

std::string on_one_line(const std::string& value) {
  std::string text = writable(value);
  std::ranges::replace(text, '\t', ' ');
  std::ranges::replace(text, '\n', ' ');
  return text;
}

std::string describe_files(const Plan& plan) {
  std::string text;
  for (const GenerationFile& file : plan.generation.files) {
    if (!file.changed) continue;
    const std::string name = "/" + file.path;
    text += fmt::format("{} {}\n", name, what_happens(file, effect_of(plan.generation, file.path)));
    const bool attributes_change = file.before && file.after &&
                                   attributes(file.before) != attributes(file.after);
    if (attributes_change)
      text += fmt::format("  {} → {}\n", attributes(file.before), attributes(file.after));
    if (std::ranges::find(plan.foreign, file.path) != plan.foreign.end()) text += describe_loss(file);
    text += difference(name, file.before, file.after);
  }
  return text;
}

std::string describe_values(const Plan& plan) {
  std::string text;
  for (const LiveValue& value : plan.values)
    text += fmt::format("  {}  {} → {}    {}\n", value.name, on_one_line(value.before), value.wanted,
                        value.path);
  for (const Setting& setting : plan.not_there)
    text += fmt::format("  {}  is not there → {}    {}\n", setting.name, setting.expect, setting.read);
  return text.empty() ? "" : "values of the kernel\n" + text;
}

std::string describe_made(const LiveValue& value) {
  const std::string shown = on_one_line(value.got);
  if (value.is_rounded) return fmt::format("{} is {}: the kernel rounds {}", value.name, shown, value.wanted);
  return fmt::format("{} is {}, not {}: the kernel made that of it", value.name, shown, value.wanted);
}

std::string describe_steps(const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps) text += fmt::format("  {}    {}: {}\n", step.command, step.effect, step.why);
  return text;
}

std::string describe_left(const Generation& generation, const std::vector<Step>& waiting,
                          const std::vector<Setting>& kept) {
  std::string text = describe_steps(generation.left) + describe_steps(waiting);
  for (const Setting& setting : kept)
    text += fmt::format("  {} stays {} until a reboot: the tree does not set it any more    {}\n",
                        setting.name, on_one_line(setting.expect), setting.read);
  for (const GenerationFile& file : generation.files) {
    if (file.changed && !file.after && std::ranges::find(kept, file.path, &Setting::file) == kept.end())
      text += fmt::format("  what /{} has set or started stays until a restart or a reboot\n", file.path);
  }
  return text.empty() ? "" : "left to you\n" + text;
}

std::string describe_way_back(const Machine& machine, const Generation& generation) {
  std::string text;
  for (const GenerationFile& file : generation.files) {
    if (!file.changed) continue;
    const std::string name = "/" + file.path;
    text += fmt::format("{} {}\n", name,
                        file.before ? "becomes what it was" : "is removed: it was not there");
    text += difference(name, file.after, file.before);
  }
  std::string values;
  for (const LiveValue& value : generation.values) {
    const auto shown = read_value(machine, value.path);
    if (machine.live && shown && *shown != value.before)
      values += fmt::format("  {}  {} → {}    {}\n", value.name, on_one_line(*shown),
                            on_one_line(value.before), value.path);
  }
  if (!values.empty()) text += "values of the kernel\n" + values;
  if (generation.begun > 0) text += "commands that are run again\n";
  for (std::size_t i = 0; i < generation.begun; ++i) text += fmt::format("  {}\n", generation.commands[i]);
  return text + describe_undone(generation);
}

std::string describe_undone(const Generation& generation) {
  if (generation.left.empty()) return "";
  std::string text = "if you ran what was left to you, these are to be run now\n";
  for (const Step& left : generation.left) {
    const auto step = std::ranges::find(generation.manifest.steps, left.command, &Step::command);
    const bool is_of_gone_unit = step != generation.manifest.steps.end() && step->at_boot &&
                                 std::ranges::any_of(step->files, [&](const std::string& path) {
                                   const auto file = std::ranges::find(generation.files, path,
                                                                       &GenerationFile::path);
                                   return file != generation.files.end() && file->changed && !file->before;
                                 });
    // The links that enabled it outlive the files, and would start it at each boot.
    if (is_of_gone_unit) text += fmt::format("  systemctl disable --now {}\n", step->unit);
    else text += fmt::format("  {}\n", left.command);
  }
  return text;
}

void say_dropped(const Machine& machine, const std::vector<int>& generations) {
  for (const int number : generations)
    machine.say(fmt::format("generation {} cannot be taken back any more: the last {} can\n", number,
                            generations_kept));
}

bool is_of_reboot(const Step& step) { return step.effect == "reboot"; }

bool leaves_reboot(const Generation& generation) {
  return std::ranges::any_of(generation.left, is_of_reboot);
}

void announce_reboot(const Machine& machine, bool is_needed) {
  constexpr std::string_view own = "tunec-host", flag_text = "*** System restart required ***\n";
  constexpr const char *flag = "run/reboot-required", *list = "run/reboot-required.pkgs";
  const Files files(machine.root);
  struct stat status {};
  if (::fstatat(files.descriptor(), "run", &status, 0) != 0) return;
  const State before = files.read(list);
  bool is_there = false;
  std::string packages;  // of the others
  for (std::string_view rest = before ? std::string_view(before->content) : ""; !rest.empty();) {
    const std::string_view line = next_line(rest);
    if (line == own) is_there = true;
    else packages += fmt::format("{}\n", line);
  }
  if (is_there == is_needed) return;
  const auto public_file = [](std::string content) {
    return FileState{std::move(content), 0644, ::geteuid(), ::getegid(), std::nullopt, ""};
  };
  if (is_needed) {
    if (!files.read(flag)) files.set(flag, public_file(std::string(flag_text)));
    files.set(list, public_file(fmt::format("{}{}\n", packages, own)));
    return;
  }
  files.set(list, packages.empty() ? State() : State(public_file(packages)));
  const State set = files.read(flag);
  if (packages.empty() && set && set->content == flag_text) files.set(flag, std::nullopt);
}

std::string describe(const Machine& machine, const Plan& plan) {
  std::string text = describe_files(plan) + describe_values(plan);
  std::vector<std::string> commands = plan.generation.commands;
  commands.insert(commands.end(), plan.late_restarts.begin(), plan.late_restarts.end());
  if (!commands.empty()) text += "commands that --now runs\n";
  for (const std::string& command : commands) text += fmt::format("  {}\n", command);
  text += describe_left(plan.generation, plan.waiting, plan.kept);
  for (const std::string& note : plan.generation.manifest.notes) text += fmt::format("note: {}\n", note);
  if (!machine.live) text += "files only: no command is run, and no value of the kernel is read or written\n";
  return text;
}

}  // namespace tunec::host
