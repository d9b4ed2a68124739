#include "host/trial/running.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/lines.h"
#include "host/apply/guests.h"
#include "host/live.h"

namespace tunec::host {
namespace {

using Names = std::set<std::string, std::less<>>;

// virsh waits for a daemon that hangs.
std::optional<Names> guests(const Machine& machine, std::string_view which) {
  const auto text = machine.output(
      fmt::format("timeout --signal=KILL 30 virsh --connect qemu:///system list --name{}", which));
  if (!text) return std::nullopt;
  Names names;
  for (const std::string_view line : split(*text, '\n')) {
    if (!line.empty()) names.emplace(line);
  }
  return names;
}

// The first word of each line.
Names first_words(const std::optional<std::string>& text) {
  Names names;
  for (const std::string_view line : split(text ? std::string_view(*text) : "", '\n')) {
    if (const auto words = words_of(line); !words.empty()) names.emplace(words.front());
  }
  return names;
}

constexpr std::string_view types = "service,socket,timer,mount,path";

// What has a task, waits for one, or is in place. A service that did its work and ended is not among them.
Names active_units(const Machine& machine) {
  return first_words(machine.output(fmt::format(
      "systemctl list-units --type={} --state=running,listening,waiting,mounted --plain --no-legend "
      "--no-pager",
      types)));
}

// Those that a boot starts by itself; `generated`: from fstab.
Names enabled_units(const Machine& machine) {
  return first_words(machine.output(fmt::format(
      "systemctl list-unit-files --type={} --state=enabled,generated --plain --no-legend --no-pager",
      types)));
}

// An instance is enabled under the name of its template: "getty@tty1.service" is "getty@.service".
bool is_enabled(const Names& enabled, const std::string& unit) {
  const std::size_t at = unit.find('@'), dot = unit.rfind('.');
  if (enabled.contains(unit)) return true;
  return at != unit.npos && dot != unit.npos && at < dot &&
         enabled.contains(unit.substr(0, at + 1) + unit.substr(dot));
}

// libvirt-guests starts the guests that it stopped, unless its configuration says ON_BOOT=ignore.
bool restarts_guests(const Machine& machine) {
  if (machine.run("systemctl is-active --quiet libvirt-guests.service") != 0) return false;
  for (const char* path : {"etc/default/libvirt-guests", "etc/sysconfig/libvirt-guests"}) {
    const State state = Files(machine.root).read(path);
    for (const std::string_view line : split(state ? std::string_view(state->content) : "", '\n')) {
      if (line.starts_with("ON_BOOT=") && line.find("ignore") != line.npos) return false;
    }
  }
  return true;
}

std::string was_on(std::string_view thing) {
  return fmt::format("{} ran before the trial, and does not now", thing);
}

}  // namespace

Running running_now(const Machine& machine) {
  Running running;
  if (const auto on = guests(machine, "")) {
    running.has_libvirt = true;
    const Names starting = restarts_guests(machine) ? *on : guests(machine, " --autostart").value_or(Names());
    std::ranges::set_intersection(*on, starting, std::back_inserter(running.guests));
  }
  const Names enabled = enabled_units(machine);
  for (const std::string& unit : active_units(machine)) {
    if (is_enabled(enabled, unit) && !unit.starts_with("tunec-trial")) running.units.push_back(unit);
  }
  return running;
}

std::vector<std::string> not_coming_back(const Machine& machine, const Generation& generation) {
  const Running& before = generation.trial->before;
  const auto unknown = before.has_libvirt ? std::vector<std::string>()
                                          : running_guests(evidence_of(machine), generation.manifest);
  if (!unknown.empty())
    return {
        fmt::format("guests are on ({}), but virsh does not answer: nobody will look whether they come back",
                    fmt::join(unknown, ", "))};
  std::vector<std::string> names;
  std::ranges::set_difference(guests(machine, "").value_or(Names()), before.guests,
                              std::back_inserter(names));
  if (!before.has_libvirt || names.empty()) return {};
  return {fmt::format("no boot starts these guests by itself, so the trial does not wait for them: {}",
                      fmt::join(names, ", "))};
}

std::vector<std::string> no_longer_running(const Machine& machine, const Running& before) {
  std::vector<std::string> problems;
  const auto on = before.has_libvirt ? guests(machine, "") : std::nullopt;
  if (before.has_libvirt && !on) problems.emplace_back("libvirt answered before the trial, and does not now");
  if (on && !before.guests.empty()) {
    const Names here = guests(machine, " --all").value_or(Names());
    for (const std::string& guest : before.guests) {
      if (here.contains(guest) && !on->contains(guest))
        problems.push_back(was_on(fmt::format("the guest {}", guest)));
    }
  }
  const Names active = active_units(machine), enabled = enabled_units(machine);
  for (const std::string& unit : before.units) {
    const std::size_t dot = unit.rfind('.');
    // A service may end when it is idle, and its socket starts it.
    const bool waits = unit.ends_with(".service") && active.contains(unit.substr(0, dot) + ".socket");
    if (!active.contains(unit) && !waits && is_enabled(enabled, unit)) problems.push_back(was_on(unit));
  }
  return problems;
}

void wait_until_running(const Machine& machine, const Running& before) {
  constexpr int times = 24;
  for (int i = 0; i < times && !no_longer_running(machine, before).empty(); ++i) machine.run("sleep 5");
}

}  // namespace tunec::host
