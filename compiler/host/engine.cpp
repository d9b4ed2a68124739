#include "host/engine.h"

#include <algorithm>

#include <fmt/format.h>

#include "host/live.h"
#include "host/plan.h"
#include "host/report.h"
#include "host/written.h"

namespace tunec::host {

void Engine::check_interrupt() const {
  if (SignalsHeld::is_one_waiting()) throw Failed{"interrupted"};
}

// Noted before they are written: a run may die in between.
void Engine::note(const Generation& generation, State GenerationFile::*wanted) const {
  std::vector<std::string> paths;
  for (const GenerationFile& file : generation.files) {
    if (file.changed && !same(files_.read(file.path), file.*wanted)) paths.push_back(file.path);
  }
  note_written(machine_, paths);
}

void Engine::write_files(const Generation& generation) {
  note(generation, &GenerationFile::after);
  for (const std::string& directory : generation.directories) files_.make_directory(directory, 0755);
  for (const GenerationFile& file : generation.files) {
    if (!file.changed) continue;
    check_interrupt();
    files_.discard_leftovers(file.path);
    if (!same(files_.read(file.path), file.after)) files_.set(file.path, file.after);
  }
}

void Engine::run_commands(Generation& generation, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    check_interrupt();
    const std::string& command = generation.commands[i];
    generations_.set_phase(generation, Phase::applying, i + 1);
    machine_.say(fmt::format("run: {}\n", command));
    if (const int status = machine_.run(command); status != 0)
      throw Failed{fmt::format("`{}` failed with status {}", command, status)};
  }
}

// Commands may have loaded modules that bring files, so values are compared only now. What they were before
// is on the disk before the first is written, and stays as it was there if an earlier run got that far.
std::vector<std::string> Engine::write_values(Generation& generation) {
  Values values = compare_values(machine_, generation.manifest.settings, former_);
  for (const LiveValue& value : values.differ) {
    const auto is_same = [&](const LiveValue& earlier) { return earlier.path == value.path; };
    if (std::ranges::none_of(generation.values, is_same)) generation.values.push_back(value);
  }
  // The next apply looks for them in this generation alone. Neither this one nor its roll-back writes them.
  std::ranges::copy(values.made_into_others, std::back_inserter(generation.values));
  std::vector<std::string> problems;
  for (const Setting& setting : values.not_there)
    problems.push_back(fmt::format("{} is not there: {}", setting.name, setting.read));
  if (generation.values.empty()) return problems;
  generations_.save_values(generation);
  for (LiveValue& value : generation.values) {
    check_interrupt();
    // A run that died may have written it.
    const std::string now = read_value(machine_, value.path).value_or("");
    const bool is_there = shows(value.path, now, value.wanted) || (!value.got.empty() && value.got == now);
    if (is_there) value.got = now;
    const std::string error = is_there ? "" : write_live(machine_, generation.manifest, value);
    if (!error.empty())
      throw Failed{fmt::format("{}: {} refuses `{}`: {}", value.name, value.path, value.wanted, error)};
    if (shows(value.path, value.got, value.wanted)) continue;
    if (value.is_rounded) machine_.say(describe_made(value) + "\n");
    else problems.push_back(describe_made(value));
  }
  generations_.save_values(generation);
  return problems;
}

void Engine::check_files(const Generation& generation) const {
  for (const GenerationFile& file : generation.files) {
    if (file.changed && !same(files_.read(file.path), file.after))
      throw Failed{fmt::format("{}: somebody else is changing it", files_.shown(file.path))};
  }
}

void Engine::put_files(const Generation& generation) {
  write_files(generation);
  check_files(generation);
}

std::vector<std::string> Engine::carry_out(Generation& generation) {
  generations_.set_phase(generation, Phase::applying, generation.begun);
  write_files(generation);
  const std::size_t all = generation.commands.size(), first_restart = all - generation.restarts;
  run_commands(generation, 0, first_restart);
  std::vector<std::string> problems = write_values(generation);
  run_commands(generation, first_restart, all);
  check_files(generation);
  generations_.set_phase(generation, Phase::applied, generation.begun);
  return problems;
}

std::vector<std::string> Engine::restore_files(const Generation& generation) const {
  std::vector<std::string> problems;
  note(generation, &GenerationFile::before);
  for (auto file = generation.files.rbegin(); file != generation.files.rend(); ++file) {
    if (!file->changed) continue;
    files_.discard_leftovers(file->path);
    if (!same(files_.read(file->path), file->before)) files_.set(file->path, file->before);
  }
  for (auto path = generation.directories.rbegin(); path != generation.directories.rend(); ++path)
    files_.remove_directory(*path);
  for (const GenerationFile& file : generation.files) {
    if (file.changed && !same(files_.read(file.path), file.before))
      problems.push_back(fmt::format("{}: somebody else is changing it", files_.shown(file.path)));
  }
  return problems;
}

void Engine::run_again(const Generation& generation, std::vector<std::string>& problems) const {
  run_again(generation, 0, generation.commands.size(), problems);
}

void Engine::run_again(const Generation& generation, std::size_t from, std::size_t to,
                       std::vector<std::string>& problems) const {
  for (std::size_t i = from; i < std::min(generation.begun, to); ++i) {
    machine_.say(fmt::format("run: {}\n", generation.commands[i]));
    if (const int status = machine_.run(generation.commands[i]); status != 0)
      problems.push_back(fmt::format("`{}` failed with status {}", generation.commands[i], status));
  }
}

std::vector<std::string> Engine::undo(Generation& generation) {
  generations_.set_phase(generation, Phase::undoing, generation.begun);
  std::vector<std::string> problems = restore_files(generation);
  const std::size_t all = generation.commands.size(), first_restart = all - generation.restarts;
  run_again(generation, 0, first_restart, problems);
  for (auto value = generation.values.rbegin(); value != generation.values.rend() && machine_.live; ++value) {
    const auto shown = read_value(machine_, value->path);
    if (shown == value->before) continue;
    if (shown && !value->got.empty() && *shown != value->got)
      machine_.warn(fmt::format("{} was changed by somebody else since, from {} to {}: it becomes {} again\n",
                                value->name, on_one_line(value->got), on_one_line(*shown),
                                on_one_line(value->before)));
    std::string error = write_value(machine_, value->path, writable(value->before));
    const std::string now = read_value(machine_, value->path).value_or("");
    if (error.empty() && now != value->before) error = fmt::format("it is {}", now);
    if (!error.empty()) problems.push_back(fmt::format("{} was {}: {}", value->name, value->before, error));
  }
  run_again(generation, first_restart, all, problems);
  generations_.set_phase(generation, Phase::undone, generation.begun);
  return problems;
}

std::vector<std::string> Engine::changed_since(const Generation& generation) const {
  std::vector<std::string> changed;
  for (const GenerationFile& file : generation.files) {
    if (!file.changed) continue;
    const State now = files_.read(file.path);
    if (!same(now, file.after) && !same(now, file.before)) changed.push_back(files_.shown(file.path));
  }
  return changed;
}

}  // namespace tunec::host
