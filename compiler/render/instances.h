// Groups settings into blocks: a block of a file (a unit, a peer, an alert) is made from the settings that
// name the same instance.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "render/output.h"

namespace tunec {

// By the instance at `depth`: of wireguard(wg0).peer(office).endpoint, "wg0" at 0 and "office" at 1. Settings
// with fewer instances are left out.
std::map<std::string, Settings> by_instance(std::span<const Setting* const> settings, std::size_t depth = 0);

// The setting of that key; null if there is none.
const Setting* find_key(std::span<const Setting* const> settings, std::string_view key);

}  // namespace tunec
