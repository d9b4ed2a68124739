#include "host/trial/preflight.h"

#include <algorithm>

#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "host/live.h"

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

void check_steps(const BootLoader& loader, const Plan& plan) {
  for (const Step& step : plan.generation.left) {
    if (step.effect != "reboot" || makes_initrd(step.command) || loader.makes_entries(step.command)) continue;
    throw Refused{
        fmt::format("there can be no trial boot here: `{}` changes what boots, and tunec-host can try only "
                    "what `{}` makes for "
                    "{}. --now applies the tree",
                    step.command, loader.maker(), loader.place().name)};
  }
}

// A command line in another file is another boot loader's.
void check_carriers(const BootLoader& loader, const Plan& plan) {
  for (const Setting& setting : plan.generation.manifest.settings) {
    if (setting.read != command_line || setting.file.empty() || loader.takes(setting.file)) continue;
    throw Refused{
        fmt::format("there can be no trial boot here: {0} booted this host, and {0} does not read {1}: state "
                    "`boot_loader` in the host's facts, and compile again. --now applies the tree",
                    loader.place().name, setting.file)};
  }
}

void check_programs(const Machine& machine, const BootLoader& loader) {
  std::vector<const char*> programs = loader.programs();
  programs.insert(programs.end(), {"systemctl", "systemd-run"});
  for (const char* program : programs) {
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

// The initrd of the trial is about as large as the largest that is there.
void check_room(const Machine& machine, const BootLoader& loader, const Plan& plan) {
  constexpr off_t least = 1 << 20;
  const off_t largest = changes_initrd(loader, plan.generation) ? loader.initrd_size() : 0;
  const off_t needed = largest + largest / 2 + least;
  const std::string folder = Files(machine.root).shown(loader.place().folder);
  struct statvfs room {};
  if (::statvfs(folder.c_str(), &room) != 0) tree_fault_errno(folder, errno);
  const auto left = static_cast<off_t>(room.f_bavail * room.f_frsize);
  if (left < needed)
    throw Refused{fmt::format("{} has {} MiB left, and the trial needs {} MiB: remove old kernels", folder,
                              left >> 20, needed >> 20)};
}

}  // namespace

bool makes_initrd(const std::string& command) { return maker_of(command) != nullptr; }

bool changes_initrd(const BootLoader& loader, const Generation& generation) {
  const bool is_made = std::ranges::any_of(generation.commands, makes_initrd) ||
                       std::ranges::any_of(generation.left, makes_initrd, &Step::command);
  return is_made && std::ranges::any_of(generation.files, [&](const GenerationFile& file) {
           if (!file.changed || loader.takes(file.path)) return false;
           // The step of a removed file is in the manifest before.
           return !file.after || std::ranges::any_of(generation.manifest.steps, [&](const Step& step) {
             return makes_initrd(step.command) &&
                    std::ranges::find(step.files, file.path) != step.files.end();
           });
         });
}

std::string own_initrd_command(const std::string& command, const std::string& file,
                               const std::string& version) {
  return fmt::format(fmt::runtime(maker_of(command)->own), file, version);
}

void check_trial(const Machine& machine, const BootLoader& loader, const Plan& plan) {
  const bool has_boot = std::ranges::any_of(plan.generation.left,
                                            [](const Step& step) { return step.effect == "reboot"; });
  if (!has_boot && waits_for_boot(machine, plan.generation.manifest))
    throw Refused{
        "this tree is applied already, so there is nothing left to try: `tunec-host "
        "rollback` takes it back, then --trial tries it"};
  if (!has_boot)
    throw Refused{"nothing of this tree needs a boot, so there is nothing to try: --now applies it"};
  loader.check_kind();
  check_steps(loader, plan);
  check_carriers(loader, plan);
  check_programs(machine, loader);
  loader.check(plan);
  check_room(machine, loader, plan);
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
  else
    ends.emplace_back(
        "between the boot loader and systemd, the watchdog helps only if it runs across the reboot");
  return ends;
}

}  // namespace tunec::host
