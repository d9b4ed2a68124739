// When tunec-host wrote each file, in seconds since the boot. A service that was started earlier runs with
// the old file. Times of files do not show that: the wall clock may be set, and a roll-back gives a file its
// old time.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "host/evidence.h"

namespace tunec::host {

inline constexpr const char* written_file =
    "var/lib/tunec/written";  // the boot's id; then "SECONDS PATH", a line each

void note_written(const Machine& machine, const std::vector<std::string>& paths);

// Paths and seconds since the boot; empty if nothing was written in it.
std::map<std::string, double> written_in_this_boot(const Evidence& evidence);

}  // namespace tunec::host
