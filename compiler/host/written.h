// When tunec-host wrote a file, on the clock that begins with the boot: so that a service which was started
// before can be told, whatever the wall clock did since. A roll-back gives a file its old time of writing,
// and is noted too.
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
