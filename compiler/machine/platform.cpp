#include "machine/platform.h"

#include <algorithm>

namespace tunec {

std::optional<bool> Platform::option(const std::string& name) const {
  if (const auto given = config.find(name); given != config.end()) return given->second;
  if (!measured) return std::nullopt;
  const auto read = measured->config.find(name);
  return read == measured->config.end() ? std::nullopt : std::optional(read->second);
}

const std::vector<std::string>* Platform::builtin_modules() const {
  if (builtin) return &*builtin;
  return measured && measured->builtin ? &*measured->builtin : nullptr;
}

bool Platform::sets_late(std::string_view key) const {
  return late_keys != nullptr && std::ranges::binary_search(*late_keys, key);
}

bool Platform::builds_in(std::string_view module) const {
  const std::vector<std::string>* modules = builtin_modules();
  if (modules == nullptr) return false;
  std::string name(module);
  std::ranges::replace(name, '-', '_');
  return std::ranges::binary_search(*modules, name);
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
