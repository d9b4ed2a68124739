// manifest.json of a host: its files, the commands that make them effective, where the kernel shows which
// value, and what else must hold. stdlib/manifest.schema.json describes it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/checks.h"
#include "host/evidence.h"

namespace tunec::host {

// Its words are read back one by one.
inline constexpr std::string_view command_line = "/proc/cmdline";

struct WantedFile {
  std::string path, content, effect;
  unsigned mode = 0644;
};

struct Step {
  std::string effect, command, why;
  std::vector<std::string> files;  // that it makes effective; none: its settings have no file
  bool sets_values = false;        // it does what writing the settings' values does
  std::string unit{};              // that it starts anew, and that is active then
  bool at_boot = false;            // the unit is enabled too
  // All that the command restarts, if it is there: services that can take one another's place
  std::vector<std::string> restarts{};
  bool leaves_processes = false;  // what a restarted unit has started goes on, as guests do
};

struct Setting {
  std::string name, file, effect;  // file: empty if a step carries it
  std::string read, expect;        // the file of the kernel that shows it, and what it then contains
  bool write = false;              // whether `expect` may be written there
  std::string where{};             // of a pattern: see stdlib/manifest.schema.json
};

struct Manifest {
  std::string text;  // as it was read
  std::string host, platform, tunec;
  std::vector<WantedFile> files;
  std::vector<Step> steps;
  std::vector<std::string> notes;
  std::vector<Setting> settings;
  std::vector<Check> checks;
};

std::string with_ending(const std::string& unit);  // as systemd calls it: "libvirtd" is "libvirtd.service"

// The settings with the files that they are read from: a pattern is one for each file that fits. Of several
// settings for one file the last counts, as it does for whoever wrote them.
std::vector<Setting> settings_of_files(const Evidence& evidence, const std::vector<Setting>& settings);

// Refused if it is of another version, or if something in it cannot be meant. `shown`: its path, for
// messages.
Manifest read_manifest(std::string text, const std::string& shown);

}  // namespace tunec::host
