// A machine for tests of tunec-host, in a temporary directory: `root` has its files, `kernel` its /proc and
// /sys, `tree` what is applied. Commands are noted instead of run.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "host/commands.h"
#include "support/scratch.h"

namespace tunec::test {

struct RigFile {
  std::string content;
  unsigned mode = 0644;
  unsigned owner = 0;
  std::string effect = "live";
};
using RigFiles = std::map<std::string, RigFile>;

class HostRig {
 public:
  HostRig();
  host::Machine image();    // files only
  host::Machine running();  // with values and commands
  // Makes `tree` anew. Steps, settings and checks are JSON: elements of lists, joined by commas.
  void compile(const RigFiles& files, const std::string& steps = "", const std::string& settings = "",
               const std::string& checks = "") const;
  // Gives the kernel what the checks of a manifest want to see.
  void fulfil(const std::vector<host::Check>& checks) const;
  void put(const std::string& path, const RigFile& file) const;  // a file of the machine
  void set_value(const std::string& path, const std::string& value) const;
  std::string value(const std::string& path) const;
  host::TreeChoice tree() const { return {scratch.at("tree"), "", false}; }
  // An exit code; what a command throws goes to `refusal`, and is code 2.
  int apply(const host::Machine& machine, host::ApplyMode mode = host::ApplyMode::now, bool force = false,
            bool restart = false);
  int dry_run(const host::Machine& machine) { return apply(machine, host::ApplyMode::dry_run); }
  int rollback(const host::Machine& machine, std::optional<int> number = {}, bool force = false);
  int resume(const host::Machine& machine);
  // Runs a command of tunec-host: an exit code, as above.
  int code_of(const std::function<int()>& command);
  // All files and directories, with modes, owners, contents and when they were written, and the kernel's
  // values; with_times: and when anything of them was changed. Without what tunec-host keeps for itself.
  std::string state(bool with_times = false) const;
  std::string contents() const;  // the same without any time
  // The state of what tunec-host keeps.
  std::string store() const;

  Scratch scratch;
  std::string said, warned, refusal;
  std::vector<std::string> ran;
  std::set<std::string> failing;               // commands
  std::map<std::string, std::string> outputs;  // of commands that print something
  // What the kernel makes of a text that is written to one of its files; if absent, the text.
  std::map<std::string, std::function<std::string(const std::string& text)>> made_by_kernel;
};

}  // namespace tunec::test
