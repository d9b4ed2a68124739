// What is kept of a run for the next one, in the output's cache (emit/tree_left.h), and only of a run that had nothing to say. A run
// from the same inputs whose files stand as they were left need not be made; and where no host has to do with another, only the hosts
// need to be looked at of whom something else is said now (changed_hosts.h).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/recorded_files.h"
#include "driver/pipeline.h"
#include "emit/tree_left.h"

namespace tunec {

struct KeptRun {
  std::string record;               // of the files that were read (recorded_files.h)
  std::uint64_t hosts = 0;
  bool separable = false;           // each host's files, and that all is well with it, depend on nothing that is said of another
  // Of a separable run:
  std::vector<std::string> names;   // of the hosts, sorted
  std::string stated;               // see Fleet::stated
  std::set<std::string> always;     // hosts by which something of the site is of use (FleetTies::examples), or that others than their own parts name
  std::vector<PartedFile> files;    // those that speak of hosts
  struct Claim {
    std::uint64_t what = 0;
    std::uint64_t host = 0;         // its place in `names`
    auto operator<=>(const Claim&) const = default;
  };
  std::vector<Claim> claims;        // sorted
};

// Of a whole run, or of one of some hosts. Its files' texts are the compilation's.
KeptRun kept_run(const Compilation& compilation, const RenderedFleet& rendered, const std::string& record);

struct LastRun {
  LeftInputs inputs;  // that `kept` points into
  KeptRun kept;
};
// `options`: all that decides what is made beside the files that are read, and the program.
std::unique_ptr<const LastRun> last_run(const std::string& output, const std::string& options);
void keep_run(const std::string& output, const Fingerprint& left, const std::string& options, const KeptRun& run);

}  // namespace tunec
