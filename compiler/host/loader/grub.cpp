#include "host/loader/grub.h"

#include <algorithm>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/shell.h"
#include "output/tree/paths.h"

namespace tunec::host {
namespace {

constexpr std::string_view folder = "boot/grub";
constexpr std::string_view drop_ins = "etc/default/grub.d", defaults = "etc/default/grub";

std::string at(std::string_view name) { return fmt::format("{}/{}", folder, name); }

// File systems on which GRUB can write a file's blocks, as grub-probe calls them.
constexpr std::string_view writable_by_grub[] = {"ext2", "xfs", "fat"};

std::string first_line(std::optional<std::string> text) {
  return text ? text->substr(0, text->find('\n')) : std::string();
}

}  // namespace

bool Grub::takes(std::string_view path) const { return path == defaults || inside(path, drop_ins); }

bool Grub::makes_entries(const std::string& command) const { return command == "update-grub"; }

std::vector<const char*> Grub::programs() const {
  return {"grub-mkconfig", "grub-editenv", "grub-probe", "grub-script-check", "update-grub", "unshare"};
}

std::string Grub::directory() const { return std::string(folder); }

std::string Grub::entry_name() const { return at("grub.cfg"); }

std::string Grub::variable(std::string_view name) const {
  const State state = files_.read(at("grubenv"));
  return state ? grubenv_value(state->content, name) : "";
}

void Grub::edit_variables(std::string_view change) const {
  const std::string path = files_.shown(at("grubenv"));
  const std::string command = fmt::format("grub-editenv {} {}", quoted(path), change);
  if (const int status = machine_.run(command); status != 0)
    throw Failed{fmt::format("`{}` failed with status {}", command, status)};
  settle();
}

// RHEL and its kin: grub.cfg has no entries, and its command blscfg reads those of loader/entries, which
// grubby edits. What grub-mkconfig would make of the tree's files is then not what boots.
void Grub::check_kind() const {
  for (const char* path : {"boot/grub2/grub.cfg", "boot/grub/grub.cfg"}) {
    const State grub_cfg = files_.read(path);
    if (!grub_cfg || grub_cfg->content.find("\nblscfg") == grub_cfg->content.npos) continue;
    throw Refused{fmt::format(
        "there can be no trial boot here: {} takes its entries from loader/entries (blscfg), which "
        "grubby edits in place, and tunec-host cannot make GRUB boot one of those once. --now "
        "applies the tree",
        files_.shown(path))};
  }
}

void Grub::check_file_system() const {
  const std::string shown = files_.shown(folder);
  const auto probe = [&](const char* target) {
    return machine_.output(fmt::format("grub-probe --target={} {}", target, shown));
  };
  const std::optional<std::string> type = probe("fs"), abstraction = probe("abstraction");
  if (!type || !abstraction)
    throw Refused{
        fmt::format("grub-probe cannot say what {} is on, so whether GRUB can write it is unknown", shown)};
  const std::string name = first_line(type), layers = first_line(abstraction);
  if (std::ranges::find(writable_by_grub, name) == std::end(writable_by_grub))
    throw Refused{
        fmt::format("{} is on {}, which GRUB cannot write: it could not note that the trial was tried, "
                    "and would boot it for ever",
                    shown, name)};
  if (!layers.empty())
    throw Refused{
        fmt::format("{} is on {}, through which GRUB cannot write: it could not note that the trial "
                    "was tried, and would boot it for ever",
                    shown, layers)};
}

void Grub::check(const Plan&) const {
  check_file_system();
  const State grub_cfg = files_.read(at("grub.cfg"));
  if (!grub_cfg || grub_cfg->content.find("/custom.cfg") == grub_cfg->content.npos)
    throw Refused{
        fmt::format("{} does not read custom.cfg, where the entry of the trial goes: is "
                    "/etc/grub.d/41_custom executable?",
                    at("grub.cfg"))};
  const std::string next = variable("next_entry");
  if (!next.empty())
    throw Refused{
        fmt::format("`grub-reboot {}` is pending, and the trial would use it up: reboot first, or "
                    "`grub-editenv - unset next_entry`",
                    next)};
}

off_t Grub::initrd_size() const {
  off_t largest = 0;
  for (const std::string& name : files_.names("boot")) {
    struct stat status {};
    const std::string path = "boot/" + name;
    if (name.starts_with("init") && ::fstatat(files_.descriptor(), path.c_str(), &status, 0) == 0)
      largest = std::max(largest, status.st_size);
  }
  return largest;
}

BootEntry Grub::stage(const std::string& directory, const std::vector<GenerationFile>& staged) {
  const std::string stage = directory + "/staged", copy = stage + "/grub.d";
  files_.remove_all(stage);
  for (const std::string& made : {stage, copy}) files_.make_directory(made, 0700);
  const std::string shown = files_.shown(copy), over = files_.shown(drop_ins);
  std::string binds;
  if (machine_.run(fmt::format("cp -a {}/. {}/", quoted(over), quoted(shown))) != 0)
    throw Failed{fmt::format("{}: cannot be copied", over)};
  for (const GenerationFile& file : staged) {
    if (file.path == defaults) {
      files_.set(stage + "/grub", file.after);
      binds += fmt::format("mount --bind {} {} && ", quoted(files_.shown(stage + "/grub")),
                           quoted(files_.shown(defaults)));
    } else {
      files_.set(fmt::format("{}{}", copy, file.path.substr(drop_ins.size())), file.after);
    }
  }
  binds += fmt::format("mount --bind {} {}", quoted(shown), quoted(over));
  const std::string script = fmt::format("{} && exec grub-mkconfig", binds);
  const std::string command = fmt::format("unshare --mount --propagation private sh -c {} 2>{}",
                                          quoted(script), quoted(files_.shown(stage + "/log")));
  const std::optional<std::string> grub_cfg = machine_.output(command);
  if (!grub_cfg) {
    const State log = files_.read(stage + "/log");
    throw Failed{fmt::format("grub-mkconfig refuses the tree's files: {}", log ? log->content : "no reason")};
  }
  std::optional<GrubEntry> entry = first_entry(*grub_cfg);
  if (!entry) throw Failed{"grub-mkconfig makes no entry that loads a kernel with a version in its name"};
  entry_ = std::move(*entry);
  return entry_;
}

// Nothing is put there that GRUB does not understand.
void Grub::put(const TrialEntry& trial) {
  const std::string part = trial_part(entry_, trial);
  const std::string path = at("custom.cfg"), draft = at("tunec-trial.cfg");
  State state = files_.read(path);
  if (!state) state = FileState{"", 0644, ::geteuid(), ::getegid(), std::nullopt, ""};
  state->content = with_part(state->content, part);
  state->modified.reset();
  files_.set(draft, state);
  const bool is_valid = machine_.run(fmt::format("grub-script-check {}", quoted(files_.shown(draft)))) == 0;
  files_.set(draft, std::nullopt);
  if (!is_valid)
    throw Failed{fmt::format("{}: GRUB would not read it with the entry of the trial", files_.shown(path))};
  files_.set(path, state);
}

void Grub::arm() {
  edit_variables(fmt::format("set {}=armed", grub_variable));
  if (variable(grub_variable) != "armed")
    throw Failed{fmt::format("{}: the trial is not armed, though grub-editenv was run", at("grubenv"))};
}

void Grub::disarm() {
  if (!variable(grub_variable).empty()) edit_variables(fmt::format("unset {}", grub_variable));
  if (!variable(grub_variable).empty())
    throw Failed{fmt::format("{}: the trial is still armed, though grub-editenv was run", at("grubenv"))};
}

std::string Grub::absent() const {
  if (files_.read(at("grubenv"))) return "";
  return files_.shown(at("grubenv")) + " is not there: is /boot mounted?";
}

std::string Grub::why_not_booted() const {
  const std::string state = variable(grub_variable);
  if (state == "tried") return "";
  if (state != "armed") return "the machine booted something else";
  return "GRUB did not boot it: it could not write grubenv, or did not see that the trial was armed";
}

void Grub::remove() {
  const std::string path = at("custom.cfg");
  files_.set(at("tunec-trial.cfg"), std::nullopt);  // of a run that died
  State state = files_.read(path);
  if (!state) return;
  std::string rest = without_part(state->content);
  if (rest == state->content) return;
  state->content = std::move(rest);
  state->modified.reset();
  files_.set(path, state->content.empty() ? State() : state);
}

std::optional<BootEntry> Grub::booted_from_now_on() const {
  const State grub_cfg = files_.read(at("grub.cfg"));
  return grub_cfg ? first_entry(grub_cfg->content) : std::nullopt;
}

}  // namespace tunec::host
