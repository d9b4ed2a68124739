// The commands of tunec-host. They report through Machine::say and Machine::warn, and return an exit code.
#pragma once

#include <optional>

#include "host/generations.h"
#include "host/machine.h"
#include "host/tree.h"

namespace tunec::host {

enum ExitCode {
  exit_as_wanted = 0,
  exit_failed = 1,  // and undone
  exit_usage_or_io = 2,
  exit_to_do = 3,   // a restart or a reboot is left to the operator
  exit_differs = 4  // the host is not what its tree says; of a dry run: it would change
};

// Refused if somebody else changed what undoing a generation would write, unless `force` is given.
void refuse_changed(const Machine& machine, const Generations& generations, const Generation& generation,
                    bool force);

enum class ApplyMode {
  dry_run,
  now,
  stage  // files only, also of a running machine: everything else counts from the next boot
};
struct ApplyOptions {
  ApplyMode mode = ApplyMode::dry_run;
  bool force = false;    // whatever stands against it
  bool restart = false;  // services too, where that stops no guest
};
int apply(const Machine& machine, const TreeChoice& choice, const ApplyOptions& options);
int rollback(const Machine& machine, std::optional<int> number, bool force);
int show_rollback(const Machine& machine, std::optional<int> number);  // what it would do
int resume(const Machine& machine);
int list(const Machine& machine);
int status(const Machine& machine);
enum class ReportForm { table, json, junit, prometheus };
int verify(const Machine& machine, ReportForm form);
// Writes what verify reads as a tar archive to `path`, or to standard output if that is `-`.
int capture(const Machine& machine, const std::string& path);

}  // namespace tunec::host
