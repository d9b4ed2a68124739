// Waivers as a table, and as JSON with one object a line. The waiver that expires first comes first.
#pragma once

#include <string>

#include "check/waivers.h"
#include "source/sources.h"

namespace tunec {

// `reporter`: the reporter of the checks, since it contains which hosts need which waiver.
std::string waivers_text(const Waivers& waivers, const Reporter& reporter, const Sources& sources,
                         Date today);
// waives, kind, pattern, hosts, owner, until, days_left, expired, because, file, line.
std::string waivers_json(const Waivers& waivers, const Reporter& reporter, const Sources& sources,
                         Date today);

}  // namespace tunec
