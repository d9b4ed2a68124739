#include "machine/platform.h"

#include <algorithm>

namespace tunec {

std::optional<bool> Platform::option(const std::string& name) const {
  if (const auto given = config.find(name); given != config.end()) return given->second;
  if (!measured) return std::nullopt;
  if (const auto read = measured->config.find(name); read != measured->config.end()) return read->second;
  if (!measured->release) return std::nullopt;
  const OptionIn state = measured->catalogue->option_in(name, *measured->release);
  return state == OptionIn::unknown ? std::nullopt : std::optional(state == OptionIn::on);
}

std::optional<std::vector<std::string>> Platform::builtin_modules() const {
  if (builtin) return builtin;
  if (!measured) return std::nullopt;
  return measured->builtin;
}

std::optional<bool> Platform::builds_in(std::string_view module) const {
  if (has_installed(module)) return false;
  if (builtin) return std::ranges::binary_search(*builtin, module_name(module));
  if (!measured) return std::nullopt;
  if (measured->builtin) return std::ranges::binary_search(*measured->builtin, module_name(module));
  if (!measured->knows_all_modules) return std::nullopt;
  return measured->catalogue->module_in(module, *measured->release) == ModuleIn::builtin;
}

ModuleIn Platform::module_in(std::string_view module) const {
  if (!measured || !measured->knows_all_modules) return ModuleIn::unknown;
  const ModuleIn state = measured->catalogue->module_in(module, *measured->release);
  return state == ModuleIn::unknown ? ModuleIn::absent : state;
}

bool Platform::has_installed(std::string_view module) const {
  return !installed.empty() && std::ranges::binary_search(installed, module_name(module));
}

std::string Platform::module_of_driver(const std::string& driver) const {
  if (driver_modules != nullptr) {
    if (const auto found = driver_modules->find(driver); found != driver_modules->end()) return found->second;
  }
  return module_name(driver);
}

bool Platform::sets_late(std::string_view key) const {
  return late_keys != nullptr && std::ranges::binary_search(*late_keys, key);
}

std::string Platform::describe() const {
  std::string text = os;
  if (!release.empty()) text += " " + release;
  if (kernel) text += (text.empty() ? "" : ", ") + std::string("Linux ") + kernel->text;
  return text.empty() ? "platform not known" : text;
}

std::shared_ptr<const Platform> unknown_platform() {
  static const auto unknown = std::make_shared<const Platform>();
  return unknown;
}

std::shared_ptr<const Platform> DistinctPlatforms::find_or_add(Platform platform) {
  auto& candidates = by_description_[platform.describe()];
  for (const auto& candidate : candidates) {
    if (*candidate == platform) return candidate;
  }
  return candidates.emplace_back(std::make_shared<const Platform>(std::move(platform)));
}

}  // namespace tunec
