#include "host/trial/units.h"

#include <algorithm>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/files.h"

namespace tunec::host {
namespace {

struct Unit {
  const char *name, *text;
};

// {0}: the program; {1}: what has to wait for the first unit; {2}: what it waits for itself; {3}: units of
// the tree. The first two take back what is left of the others if a run dies, so they come first and go last.
constexpr Unit units[] = {
    {"tunec-trial.service", R"([Unit]
Description=Take back a trial of tunec-host that did not boot well
DefaultDependencies=no
RequiresMountsFor=/var/lib/tunec {0}
After=systemd-remount-fs.service {2}
Before={1}
Conflicts=shutdown.target

[Service]
Type=oneshot
ExecStart={0} boot
TimeoutStartSec=5min
)"},
    {"sysinit.target.d/tunec-trial.conf", "[Unit]\nWants=tunec-trial.service tunec-trial-overdue.timer\n"},
    {"tunec-trial-judge.service", R"([Unit]
Description=Judge the trial boot of tunec-host
RequiresMountsFor=/var/lib/tunec {0}
After=tunec-trial.service

[Service]
ExecStart={0} boot judge
SuccessExitStatus=3
)"},
    {"tunec-trial-overdue.timer", R"([Unit]
Description=End the trial boot of tunec-host if it does not complete
DefaultDependencies=no
Conflicts=shutdown.target

[Timer]
OnBootSec=15min
AccuracySec=1s
)"},
    {"tunec-trial-overdue.service", R"([Unit]
Description=End the trial boot of tunec-host, which did not complete
DefaultDependencies=no

[Service]
ExecStart={0} boot overdue
)"},
    {"tunec-trial-emergency.service", R"([Unit]
Description=End the trial boot of tunec-host, which failed
DefaultDependencies=no
ConditionKernelCommandLine=tunec.trial

[Service]
Type=oneshot
ExecStart=systemctl --force reboot
)"},
    {"basic.target.d/tunec-trial.conf", "[Unit]\nWants=tunec-trial-judge.service\n"},
    {"multi-user.target.d/tunec-trial.conf", "[Unit]\nWants={3}\n"},
    {"emergency.target.d/tunec-trial.conf", "[Unit]\nWants=tunec-trial-emergency.service\n"},
    {"rescue.target.d/tunec-trial.conf", "[Unit]\nWants=tunec-trial-emergency.service\n"},
};

std::string path_of(std::string_view name) { return fmt::format("etc/systemd/system/{}", name); }

std::string mount_unit(std::string folder) {
  std::ranges::replace(folder, '/', '-');
  return folder + ".mount";
}

// udev reads its rules when it starts. But what the first unit needs may be on file systems that udev has to
// find: then only modules and sysctls wait.
std::string waiting(const Files& files, std::string_view program, const std::string& entries) {
  struct stat top {};
  const auto is_on_root = [&](std::string_view path) {
    struct stat status {};
    return ::fstatat(files.descriptor(), std::string(path).c_str(), &status, 0) == 0 &&
           status.st_dev == top.st_dev;
  };
  const bool on_root = ::fstatat(files.descriptor(), ".", &top, 0) == 0 && is_on_root("var/lib/tunec") &&
                       is_on_root(entries) && is_on_root(program.substr(program.starts_with('/')));
  return fmt::format("systemd-modules-load.service systemd-sysctl.service{}",
                     on_root ? " systemd-udevd.service" : "");
}

}  // namespace

std::vector<std::string> missing_unit_directories(const Machine& machine) {
  const Files files(machine.root);
  std::vector<std::string> missing;
  for (const Unit& unit : units) {
    for (std::string& directory : files.missing_directories(path_of(unit.name))) {
      if (std::ranges::find(missing, directory) == missing.end()) missing.push_back(std::move(directory));
    }
  }
  return missing;
}

void install_units(const Machine& machine, const BootLoader& loader,
                   const std::vector<std::string>& directories, const std::vector<std::string>& wanted) {
  const Files files(machine.root);
  for (const std::string& directory : directories) files.make_directory(directory, 0755);
  for (const Unit& unit : units) {
    std::string text = fmt::format(fmt::runtime(unit.text), machine.program,
                                   waiting(files, machine.program, loader.directory()),
                                   mount_unit(loader.place().folder), fmt::join(wanted, " "));
    files.set(path_of(unit.name),
              FileState{std::move(text), 0644, ::geteuid(), ::getegid(), std::nullopt, ""});
  }
}

void remove_units(const Machine& machine, const std::vector<std::string>& directories) {
  const Files files(machine.root);
  bool were_there = false;
  for (auto unit = std::rbegin(units); unit != std::rend(units); ++unit) {
    const std::string path = path_of(unit->name);
    files.discard_leftovers(path);
    if (!files.read(path)) continue;
    were_there = true;
    files.set(path, std::nullopt);
  }
  for (auto directory = directories.rbegin(); directory != directories.rend(); ++directory)
    files.remove_directory(*directory);
  if (were_there) machine.run("systemctl daemon-reload");
}

}  // namespace tunec::host
