// The file is ours and a test checks it, so a missing part is simply empty.
#include "machine/boot_order.h"

#include <algorithm>

namespace tunec {
namespace {

Value value_of(const yaml::Node& node) {
  if (node.kind == yaml::Node::Kind::scalar) return scalar_from_text(node.scalar);
  std::vector<Value> items;
  for (const auto& item : node.items) items.push_back(scalar_from_text(item->scalar));
  return list_of(std::move(items));
}

Stage read_stage(const yaml::Node& node) {
  Stage stage{node.text("surface"), node.text("name"), node.text("file"), node.text("late_file"), {}};
  if (const auto same = node.find("same")) {
    for (const auto& item : same->items)
      stage.same.push_back({item->text("key"), item->text("as"), item->text("after")});
  }
  return stage;
}

// Makes one entry for each platform that has the file.
void read_files(const yaml::Node& node, std::vector<DistributionFile>& files) {
  const auto on = node.find("on"), sets = node.find("sets");
  if (!on || !sets) return;
  for (const auto& [platform, version] : on->entries) {
    DistributionFile& file = files.emplace_back(
        platform->scalar, node.text("package") + " " + version->scalar, node.text("file"));
    for (const auto& [key, value] : sets->entries) file.sets.emplace_back(key->scalar, value_of(*value));
  }
}

}  // namespace

std::optional<std::string> rewritten(std::string_view text, std::string_view pattern, std::string result) {
  while (true) {
    const std::size_t hole = pattern.find("{}");
    if (!text.starts_with(pattern.substr(0, hole))) return std::nullopt;
    if (hole == std::string_view::npos)
      return text == pattern ? std::optional(std::move(result)) : std::nullopt;
    text.remove_prefix(hole);
    pattern.remove_prefix(hole + 2);
    const std::string_view next = pattern.substr(0, pattern.find("{}"));
    const std::size_t end = next.empty() ? text.size() : text.find(next);
    if (end == 0 || end == std::string_view::npos || text.substr(0, end).find('/') != std::string_view::npos)
      return std::nullopt;
    if (const std::size_t place = result.find("{}"); place != std::string::npos)
      result.replace(place, 2, text.substr(0, end));
    text.remove_prefix(end);
  }
}

BootOrder::BootOrder(const yaml::Node& file) {
  if (const auto stages = file.find("stages")) {
    for (const auto& node : stages->items) stages_.push_back(read_stage(*node));
  }
  if (const auto files = file.find("distributions")) {
    for (const auto& node : files->items) read_files(*node, files_);
  }
}

const Stage* BootOrder::stage(std::string_view surface) const {
  const auto found = std::ranges::find(stages_, surface, &Stage::surface);
  return found == stages_.end() ? nullptr : &*found;
}

std::size_t BootOrder::turn(std::string_view surface, bool after) const {
  const auto found = std::ranges::find(stages_, surface, &Stage::surface);
  return 2 * static_cast<std::size_t>(found - stages_.begin()) + (after ? 1 : 0);
}

std::optional<BootOrder::Same> BootOrder::same(std::string_view surface, std::string_view key) const {
  const Stage* own = stage(surface);
  if (own == nullptr) return std::nullopt;
  for (const SameAs& same : own->same) {
    if (auto parameter = rewritten(key, same.key, same.parameter))
      return Same{std::move(*parameter), same.after.empty() ? turn(surface) : turn(same.after, true)};
  }
  return std::nullopt;
}

std::vector<const DistributionFile*> BootOrder::files_of(const Platform& platform) const {
  std::vector<const DistributionFile*> found;
  for (const DistributionFile& file : files_) {
    if (file.platform == platform.os + " " + platform.release) found.push_back(&file);
  }
  return found;
}

std::vector<std::string> BootOrder::late_keys(const Platform& platform) const {
  const Stage* own = stage(surface_of_files());
  std::vector<std::string> keys;
  for (const DistributionFile* file : files_of(platform)) {
    if (own == nullptr || file->file < own->file) continue;
    for (const auto& [key, value] : file->sets) keys.push_back(key);
  }
  std::ranges::sort(keys);
  keys.erase(std::ranges::unique(keys).begin(), keys.end());
  return keys;
}

std::string_view BootOrder::surface_of_files() const {
  const auto found = std::ranges::find_if(stages_, [](const Stage& stage) { return !stage.file.empty(); });
  return found == stages_.end() ? std::string_view() : found->surface;
}

}  // namespace tunec
