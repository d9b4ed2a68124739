#include "plan/origin.h"

#include <fmt/ranges.h>

namespace tunec {

Span user_place(const Origin& origin, const Sources& sources) {
  if (!sources.shipped(origin.where.file)) return origin.where;
  for (auto via = origin.via.rbegin(); via != origin.via.rend(); ++via) {
    if (!sources.shipped(via->file)) return *via;
  }
  return origin.where;
}

std::string through(const Origin& origin) {
  if (origin.profiles.empty()) return "";
  return fmt::format("get it through profile `{}`", fmt::join(origin.profiles, "` → `"));
}

}  // namespace tunec
