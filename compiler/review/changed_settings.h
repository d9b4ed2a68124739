// Which settings differ between two plans, each difference once with all hosts that have it. Hosts of one
// class before and one class after differ in the same way, but for what they have of their own, so ten
// thousand hosts are compared as a few.
#pragma once

#include <functional>

#include "review/side.h"

namespace tunec {

struct SettingPair {
  const Setting* before;  // null: not set
  const Setting* after;   // null: no longer set; one of the two is set
};
using VisitChange = std::function<void(const SettingPair&, const HostPairs&)>;
void for_each_changed_setting(const HostPairs& hosts, const VisitChange& visit);

// Whether the carriers get the same: order counts only where the consumer reads it.
bool same_setting(const Setting& before, const Setting& after);

}  // namespace tunec
