#include "render/instances.h"

#include <algorithm>

namespace tunec {

std::map<std::string, Settings> by_instance(std::span<const Setting* const> settings, std::size_t depth) {
  std::map<std::string, Settings> result;
  for (const Setting* setting : settings) {
    if (setting->instances.size() > depth) result[setting->instances[depth]].push_back(setting);
  }
  return result;
}

const Setting* find_key(std::span<const Setting* const> settings, std::string_view key) {
  const auto found = std::ranges::find(settings, key, &Setting::key);
  return found == settings.end() ? nullptr : *found;
}

}  // namespace tunec
