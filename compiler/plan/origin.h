// Where a value comes from: its statement, and the inclusions that led to it.
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "source/sources.h"

namespace tunec {

struct Origin {
  Span where;             // the statement
  std::vector<Span> via;  // the includes that led to it, outermost first; empty in the host's own body
  std::vector<std::string> profiles;  // their names, outermost first
  bool forced = false;                // `override`
  bool unchecked = false;
  bool only_where_available = false;
  // The parameter that the statement names, if the machine has this one in its place; else empty
  std::string moved_from;
  std::string because;  // the reason given with either
};

// The place to show for an origin: the statement. If it came through a shipped profile, the user's inclusion
// of that profile.
Span user_place(const Origin& origin, const Sources& sources);
// "get it through profile `hypervisor` → `novacron.balanced`"; empty in the host's own body.
std::string through(const Origin& origin);

}  // namespace tunec
