// What an apply would do to this machine: the tree compared with the files, with the generation before, and
// with the kernel's values. Changes nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/generations.h"

namespace tunec::host {

struct Plan {
  Generation generation;                    // without a number: what would be recorded
  std::vector<LiveValue> values;            // that differ, of those that may be written
  std::vector<LiveValue> made_into_others;  // by the kernel when an earlier apply wrote them
  std::vector<Setting> not_there;           // that may be written, and whose file does not exist (yet)
  std::vector<std::string> unreadable;      // files and generations, for want of rights: "PATH: reason"
  std::vector<Step> waiting;                // that earlier applies left; not of this generation
  std::vector<std::string> late_restarts;   // of those, what `--restart` runs
  std::vector<Setting> kept;                // that the generation before set, and this one does not
  std::vector<std::string> foreign;         // files that are replaced and no generation has written
  bool owns_the_same = false;               // the generation before has the same files
  bool ends_stage = false;                  // that one was only staged, in this boot

  bool changes_files() const;
  bool changes_anything() const { return changes_files() || !values.empty() || !owns_the_same || ends_stage; }
};

// `before`: the generation that is in place, if there is one.
Plan make_plan(const Machine& machine, Manifest manifest, const Generation* before);

// The values of `settings` that differ from what the kernel shows. A value that an earlier apply wrote, and
// that the kernel made into another one, does not differ while it is that other one.
struct Values {
  std::vector<LiveValue> differ;
  std::vector<LiveValue> made_into_others;  // by the kernel, and as it left them
  std::vector<Setting> not_there;
};
Values compare_values(const Machine& machine, const std::vector<Setting>& settings, const Generation* before);

// Writes it, and notes in it what the kernel made of it. Fewer huge pages than asked for are not rounded.
// Returns why the kernel refuses it, or an empty text.
std::string write_live(const Machine& machine, const Manifest& manifest, LiveValue& value);

// What a tree set and the next one does not, and what the machine keeps until a reboot.
std::vector<Setting> kept_settings(const Machine& machine, const Manifest& former, const Manifest& now);

// Files are in place whose words the running kernel does not have yet.
bool waits_for_boot(const Machine& machine, const Manifest& manifest);

std::string boot_id(const Machine& machine);  // empty if the machine does not run

}  // namespace tunec::host
