#include "host/trial/preflight.h"

#include <algorithm>

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "host/live.h"
#include "host/trial/grub.h"

namespace tunec::host {
namespace {

// How a tree makes all initrds anew, and how one is made that nothing else boots.
struct InitrdMaker {
  std::string_view command, own;  // {0}: file, {1}: version of the kernel
};
constexpr InitrdMaker makers[] = {
    {"update-initramfs", "mkinitramfs -o {0} {1}"},
    {"dracut", "dracut --force {0} {1}"},
};

const InitrdMaker* maker_of(const std::string& command) {
  const auto maker = std::ranges::find(makers, command.substr(0, command.find(' ')), &InitrdMaker::command);
  return maker == std::end(makers) ? nullptr : maker;
}

// File systems on which GRUB can write a file's blocks, as grub-probe calls them.
constexpr std::string_view writable_by_grub[] = {"ext2", "xfs", "fat"};

std::string first_line(std::optional<std::string> text) {
  return text ? text->substr(0, text->find('\n')) : std::string();
}

void check_steps(const Plan& plan) {
  const auto& left = plan.generation.left;
  if (std::ranges::none_of(left, [](const Step& step) { return step.effect == "reboot"; }))
    throw Refused{"nothing of this tree needs a boot, so there is nothing to try: --now applies it"};
  for (const Step& step : left) {
    if (step.effect != "reboot" || makes_initrd(step.command) || makes_grub_cfg(step.command)) continue;
    throw Refused{
        fmt::format("there can be no trial boot here: `{}` changes what boots, and only GRUB with Debian's "
                    "configuration can be made to boot something once. --now applies the tree",
                    step.command)};
  }
}

// A command line in another file is another boot loader's.
void check_carriers(const Plan& plan) {
  for (const Setting& setting : plan.generation.manifest.settings) {
    if (setting.read != "/proc/cmdline" || setting.file.empty() || is_grubs(setting.file)) continue;
    throw Refused{
        fmt::format("there can be no trial boot here: GRUB does not read {}, and only GRUB with Debian's "
                    "configuration can be made to boot something once. --now applies the tree",
                    setting.file)};
  }
}

void check_programs(const Machine& machine) {
  for (const char* program : {"grub-mkconfig", "grub-editenv", "grub-probe", "grub-script-check",
                              "update-grub", "unshare", "systemctl", "systemd-run"}) {
    if (machine.run(fmt::format("command -v {} >/dev/null", program)) != 0)
      throw Refused{fmt::format("there can be no trial boot here: there is no {}", program)};
  }
  const std::string& program = machine.program;
  for (const char* gone : {"/tmp/", "/run/", "/dev/"}) {
    if (program.starts_with(gone))
      throw Refused{
          fmt::format("{}: systemd starts this program in the trial boot, and then it would be gone: "
                      "copy it to /usr/local/sbin",
                      program)};
  }
  if (program.find_first_of(" \t\"'\\%$") != program.npos)
    throw Refused{
        fmt::format("{}: systemd could not start it from there: copy it to /usr/local/sbin", program)};
}

void check_grub(const Machine& machine) {
  const Files files(machine.root);
  const std::string directory = files.shown(grub_directory);
  const auto probe = [&](const char* target) {
    return machine.output(fmt::format("grub-probe --target={} {}", target, directory));
  };
  const std::optional<std::string> type = probe("fs"), abstraction = probe("abstraction");
  if (!type || !abstraction)
    throw Refused{fmt::format("grub-probe cannot say what {} is on, so whether GRUB can write it is unknown",
                              directory)};
  const std::string name = first_line(type), layers = first_line(abstraction);
  if (std::ranges::find(writable_by_grub, name) == std::end(writable_by_grub))
    throw Refused{
        fmt::format("{} is on {}, which GRUB cannot write: it could not note that the trial was tried, "
                    "and would boot it for ever",
                    directory, name)};
  if (!layers.empty())
    throw Refused{
        fmt::format("{} is on {}, through which GRUB cannot write: it could not note that the trial "
                    "was tried, and would boot it for ever",
                    directory, layers)};
  const State grub_cfg = files.read(fmt::format("{}/grub.cfg", grub_directory));
  if (!grub_cfg || grub_cfg->content.find("/custom.cfg") == grub_cfg->content.npos)
    throw Refused{
        fmt::format("{}/grub.cfg does not read custom.cfg, where the entry of the trial goes: is "
                    "/etc/grub.d/41_custom executable?",
                    directory)};
  const std::string next = read_grubenv(machine, "next_entry");
  if (!next.empty())
    throw Refused{
        fmt::format("`grub-reboot {}` is pending, and the trial would use it up: reboot first, or "
                    "`grub-editenv - unset next_entry`",
                    next)};
}

// The initrd of the trial is about as large as the largest that is there.
void check_room(const Machine& machine, const Plan& plan) {
  constexpr off_t least = 1 << 20;
  const Files files(machine.root);
  off_t needed = least;
  const Generation& generation = plan.generation;
  if (std::ranges::any_of(generation.commands, makes_initrd) ||
      std::ranges::any_of(generation.left, makes_initrd, &Step::command)) {
    for (const std::string& name : files.names("boot")) {
      struct stat status {};
      const std::string path = "boot/" + name;
      if (name.starts_with("init") && ::fstatat(files.descriptor(), path.c_str(), &status, 0) == 0)
        needed = std::max(needed, status.st_size + status.st_size / 2 + least);
    }
  }
  struct statvfs room {};
  if (::statvfs(files.shown("boot").c_str(), &room) != 0) tree_fault_errno(files.shown("boot"), errno);
  const auto left = static_cast<off_t>(room.f_bavail * room.f_frsize);
  if (left < needed)
    throw Refused{fmt::format("{} has {} MiB left, and the trial needs {} MiB: remove old kernels",
                              files.shown("boot"), left >> 20, needed >> 20)};
}

}  // namespace

bool makes_initrd(const std::string& command) { return maker_of(command) != nullptr; }

bool makes_grub_cfg(const std::string& command) { return command == "update-grub"; }

std::string own_initrd_command(const std::string& command, const std::string& file,
                               const std::string& version) {
  return fmt::format(fmt::runtime(maker_of(command)->own), file, version);
}

void check_trial(const Machine& machine, const Plan& plan) {
  check_steps(plan);
  check_carriers(plan);
  check_programs(machine);
  check_grub(machine);
  check_room(machine, plan);
}

std::vector<std::string> unnoticed_ends(const Machine& machine) {
  std::vector<std::string> ends;
  const auto state = read_value(machine, "/sys/class/watchdog/watchdog0/state");
  if (!state)
    ends.emplace_back(
        "this host has no watchdog: if the kernel hangs without a panic, somebody has to reset it");
  else if (*state != "active")
    ends.emplace_back(
        "the watchdog of this host is not running (RuntimeWatchdogSec= in system.conf starts it): if the "
        "kernel "
        "hangs without a panic, somebody has to reset it");
  else ends.emplace_back("between GRUB and systemd, the watchdog helps only if it runs across the reboot");
  return ends;
}

}  // namespace tunec::host
