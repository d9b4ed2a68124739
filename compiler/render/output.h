// Backends write into these: files made of lines, each line with its settings, and the steps that make the
// files effective. This contains content only; the tree writer checks modes and paths.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "plan/plan.h"

namespace tunec {

using Settings = std::vector<const Setting*>;

struct ArtifactLine {
  std::uint32_t number = 0;  // from 1
  Settings settings;         // the settings that it comes from; empty for headings
};

struct Artifact {
  std::string path;  // relative to the host's root: "etc/sysctl.d/90-tunec.conf"
  std::string content;
  unsigned mode = 0644;
  Effect effect = Effect::live;     // the strongest of its settings; see File::at_most
  std::vector<ArtifactLine> lines;  // only of lines that carry settings
};

// What a step provides to later steps.
enum class Ready : std::uint8_t {
  nothing = 0,
  udev_rules = 1,     // udevd has read them
  units = 2,          // systemd has read them
  modules = 4,        // loaded, so that their parameters exist
  interfaces = 8,     // network interfaces of our own are up
  kernel_state = 16,  // the values of sysctl.d and tmpfiles.d are set
  mounts = 32,
  initramfs = 64,  // it contains current copies of its files
};
constexpr Ready operator|(Ready a, Ready b) {
  return static_cast<Ready>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
constexpr bool overlap(Ready a, Ready b) {
  return (static_cast<std::uint8_t>(a) & static_cast<std::uint8_t>(b)) != 0;
}

// What a service may need when it starts.
inline constexpr Ready ready_for_services = Ready::units | Ready::modules | Ready::interfaces |
                                            Ready::kernel_state | Ready::mounts;

// A step comes after all steps of its host that make what it needs.
struct Order {
  Ready needs = Ready::nothing, makes = Ready::nothing;
  bool operator==(const Order&) const = default;
};

// How a command restarts a unit, the weakest first.
enum class Restart : std::uint8_t { none, if_running, now, at_boot_too };

// A command of the apply plan. A host runs it once, however many backends add it.
struct Step {
  Effect effect = Effect::live;
  std::string command;  // "sysctl --system"; empty: no command, and `why` is a note for people
  std::string why;
  // Settings that the command itself carries, because no file can (boot entries of RHEL)
  Settings settings;
  Order order;
  std::string unit{};  // the unit that the command restarts, with its ending
  Restart how = Restart::none;
  // The files that it makes effective, sorted; empty: it carries settings itself
  std::vector<std::string> files{};
  std::vector<std::string> instead{};  // units that may run in place of `unit`, and that it restarts too
  bool leaves_processes = false;       // what these units have started goes on
  bool operator==(const Step&) const = default;
};

// Keeps each command once, with its strongest effect, and restarts each unit once. Sorts the steps so that
// each finds what it needs, then by effect, then by command.
void tidy(std::vector<Step>& steps);

// The first line of every file, after its own comment sign.
inline constexpr std::string_view written_by =
    "Written by tunec. Change the site and compile it again, not this file.";

class File {
 public:
  // One line (without a newline) that carries a setting.
  template <class... Args>
  void line(const Setting& setting, fmt::format_string<Args...> format, Args&&... args) {
    add({&setting}, fmt::format(format, std::forward<Args>(args)...));
  }
  // A line that carries several settings.
  void joined(Settings settings, std::string text) { add(std::move(settings), std::move(text)); }
  // A line that carries none: a heading, a section, a blank line.
  void plain(std::string text) { add({}, std::move(text)); }
  void mode(unsigned mode) { artifact_.mode = mode; }
  // Limits the effect of this file: its settings need no more here, whatever they need elsewhere. Call it
  // before lines are added.
  void at_most(Effect effect) { strongest_ = effect; }

 private:
  friend class Output;
  friend class FleetOutput;
  void add(Settings settings, std::string text);
  Artifact artifact_;
  Effect strongest_ = Effect::reboot;
  std::uint32_t next_line_ = 1;
};

class Output {
 public:
  File& file(std::string path);  // the same path gives the same file
  // Makes a new file at each call. Two files of one path are reported (T0806), and never joined.
  File& new_file(std::string path);
  void step(Effect effect, std::string command, std::string why, Order order = {}, Settings settings = {});
  // A command that restarts a unit. If several do this for one unit, the strongest stays.
  Step& restart(std::string unit, Restart how, std::string command, std::string why, Order order);
  void note(std::string text);  // what people must know to apply the files
  // Sorted by path. Files without any setting are left out
  std::vector<Artifact> take_artifacts();
  std::vector<Step> take_steps();

 private:
  std::multimap<std::string, File> files_;
  std::vector<Step> steps_;
};

class FleetOutput {
 public:
  Output& host(std::string_view name) { return hosts_[std::string(name)]; }
  Output& site() { return site_; }  // files of the site: site/prometheus/…
  std::map<std::string, Output, std::less<>>& hosts() { return hosts_; }

 private:
  std::map<std::string, Output, std::less<>> hosts_;
  Output site_;
};

}  // namespace tunec
