// Guests that run here, and what of an apply would harm them. The manifest says where they are found, and
// which settings need a host without guests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/evidence.h"
#include "host/manifest.h"

namespace tunec::host {

std::vector<std::string> running_guests(const Evidence& evidence, const Manifest& manifest);  // their names
// One line for each setting that would harm them while it changes, with what to do.
void add_harms(const Evidence& evidence, const Manifest& manifest, std::vector<std::string>& reasons);
// Whether guests stop with this unit.
bool stops_guests(const Manifest& manifest, const std::string& unit);

}  // namespace tunec::host
