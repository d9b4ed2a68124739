#include "host/trial/grub.h"

#include <fmt/format.h>
#include <unistd.h>

#include "host/files.h"
#include "host/trial/shell.h"
#include "output/tree/paths.h"

namespace tunec::host {
namespace {

constexpr std::string_view drop_ins = "etc/default/grub.d", defaults = "etc/default/grub";

std::string at(std::string_view name) { return fmt::format("{}/{}", grub_directory, name); }

void settle(const Machine& machine) {
  const std::string problem = machine.settle(Files(machine.root).shown(grub_directory));
  if (!problem.empty()) throw Failed{problem};
}

void edit_grubenv(const Machine& machine, std::string_view change) {
  const std::string path = Files(machine.root).shown(at("grubenv"));
  const std::string command = fmt::format("grub-editenv {} {}", quoted(path), change);
  if (const int status = machine.run(command); status != 0)
    throw Failed{fmt::format("`{}` failed with status {}", command, status)};
  settle(machine);
}

}  // namespace

std::string read_grubenv(const Machine& machine, std::string_view name) {
  const State state = Files(machine.root).read(at("grubenv"));
  return state ? grubenv_value(state->content, name) : "";
}

void arm(const Machine& machine) {
  edit_grubenv(machine, fmt::format("set {}=armed", grub_variable));
  if (read_grubenv(machine, grub_variable) != "armed")
    throw Failed{fmt::format("{}: the trial is not armed, though grub-editenv was run", at("grubenv"))};
}

void disarm(const Machine& machine) {
  if (!read_grubenv(machine, grub_variable).empty())
    edit_grubenv(machine, fmt::format("unset {}", grub_variable));
  if (!read_grubenv(machine, grub_variable).empty())
    throw Failed{fmt::format("{}: the trial is still armed, though grub-editenv was run", at("grubenv"))};
}

bool is_grubs(std::string_view path) { return path == defaults || inside(path, drop_ins); }

GrubEntry make_entry(const Machine& machine, const std::string& directory,
                     const std::vector<GenerationFile>& staged) {
  const Files files(machine.root);
  const std::string stage = directory + "/staged", copy = stage + "/grub.d";
  files.remove_all(stage);
  for (const std::string& made : {stage, copy}) files.make_directory(made, 0700);
  const std::string shown = files.shown(copy), over = files.shown(drop_ins);
  std::string binds;
  if (machine.run(fmt::format("cp -a {}/. {}/", quoted(over), quoted(shown))) != 0)
    throw Failed{fmt::format("{}: cannot be copied", over)};
  for (const GenerationFile& file : staged) {
    if (file.path == defaults) {
      files.set(stage + "/grub", file.after);
      binds += fmt::format("mount --bind {} {} && ", quoted(files.shown(stage + "/grub")),
                           quoted(files.shown(defaults)));
    } else {
      files.set(fmt::format("{}{}", copy, file.path.substr(drop_ins.size())), file.after);
    }
  }
  binds += fmt::format("mount --bind {} {}", quoted(shown), quoted(over));
  const std::string script = fmt::format("{} && exec grub-mkconfig", binds);
  const std::string command = fmt::format("unshare --mount --propagation private sh -c {} 2>{}",
                                          quoted(script), quoted(files.shown(stage + "/log")));
  const std::optional<std::string> grub_cfg = machine.output(command);
  if (!grub_cfg) {
    const State log = files.read(stage + "/log");
    throw Failed{fmt::format("grub-mkconfig refuses the tree's files: {}", log ? log->content : "no reason")};
  }
  std::optional<GrubEntry> entry = first_entry(*grub_cfg);
  if (!entry) throw Failed{"grub-mkconfig makes no entry that loads a kernel with a version in its name"};
  return std::move(*entry);
}

void write_custom_cfg(const Machine& machine, const std::string& part) {
  const Files files(machine.root);
  const std::string path = at("custom.cfg"), draft = at("tunec-trial.cfg");
  State state = files.read(path);
  if (!state) state = FileState{"", 0644, ::geteuid(), ::getegid(), std::nullopt, ""};
  state->content = with_part(state->content, part);
  state->modified.reset();
  files.set(draft, state);
  const bool is_valid = machine.run(fmt::format("grub-script-check {}", quoted(files.shown(draft)))) == 0;
  files.set(draft, std::nullopt);
  if (!is_valid)
    throw Failed{fmt::format("{}: GRUB would not read it with the entry of the trial", files.shown(path))};
  files.set(path, state);
}

void restore_custom_cfg(const Machine& machine) {
  const Files files(machine.root);
  const std::string path = at("custom.cfg");
  files.set(at("tunec-trial.cfg"), std::nullopt);  // of a run that died
  State state = files.read(path);
  if (!state) return;
  std::string rest = without_part(state->content);
  if (rest == state->content) return;
  state->content = std::move(rest);
  state->modified.reset();
  files.set(path, state->content.empty() ? State() : state);
}

}  // namespace tunec::host
