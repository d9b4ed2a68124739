// Parameters by the target's own names for them, as `sysctl -a` prints them.
#include <algorithm>

#include "catalogue/catalogue.h"

namespace tunec {
namespace {

// With dots between the parts, and a slash for each dot within a part.
std::string dotted(std::string_view name) {
  std::string text(name);
  const std::size_t first = text.find_first_of("./");
  if (first == std::string::npos || text[first] == '.') return text;
  for (char& c : text) c = c == '/' ? '.' : c == '.' ? '/' : c;
  return text;
}

// The text for each {} of the key; nothing if `text` is no such key. Only the last {} may contain dots, which
// are written as slashes here too.
std::optional<std::vector<std::string>> instances_in(std::string_view text, std::string key) {
  std::ranges::replace(key, '/', '.');
  std::vector<std::string> instances;
  std::string_view rest = key;
  while (true) {
    const std::size_t hole = rest.find("{}");
    if (!text.starts_with(rest.substr(0, hole))) return std::nullopt;
    if (hole == std::string_view::npos) break;
    text.remove_prefix(hole);
    rest.remove_prefix(hole + 2);
    const std::size_t next = rest.find("{}");
    const std::string_view literal = rest.substr(0, next);
    std::size_t end = text.size() - std::min(text.size(), literal.size());
    if (next != std::string_view::npos) end = text.find(literal);
    else if (!text.ends_with(literal)) return std::nullopt;
    if (end == 0 || end == std::string_view::npos) return std::nullopt;
    std::string& instance = instances.emplace_back(text.substr(0, end));
    std::ranges::replace(instance, '/', '.');
    text.remove_prefix(end);
    if (next == std::string_view::npos) return instances;
  }
  return text.size() == rest.size() ? std::optional(instances) : std::nullopt;
}

// Whether the key is a path or a dotted name that contains the instances, as the target itself writes it.
bool has_path(const ParamInfo& param) {
  return param.key.find("{}") != std::string::npos && param.key.find('=') == std::string::npos &&
         param.key.find_first_of("[(") == std::string::npos &&
         param.key.find_first_of("./") != std::string::npos;
}

}  // namespace

std::optional<Catalogue::Spelt> Catalogue::find_spelt(std::string_view name) const {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos || dot + 1 == name.size()) return std::nullopt;
  const std::string surface(name.substr(0, dot + 1)), text = dotted(name.substr(dot + 1));
  if (const ParamInfo* param = find(surface + text)) return Spelt{param, {}};
  std::optional<Spelt> found;
  for (const std::string_view full : names_under(surface)) {
    if (full.find("()") == std::string_view::npos) continue;
    const ParamInfo* param = find(full);
    if (param == nullptr || !has_path(*param)) continue;
    auto instances = instances_in(text, param->key);
    const bool is_closer = !found || param->key.size() > found->param->key.size();
    if (instances && is_closer) found = Spelt{param, std::move(*instances)};
  }
  return found;
}

std::optional<Catalogue::Spelt> Catalogue::spelt(std::string_view name) const {
  {
    const std::scoped_lock lock(locks_->spelt);
    if (const auto seen = spelt_.find(name); seen != spelt_.end()) return seen->second;
  }
  std::optional<Spelt> found = find_spelt(name);
  const std::scoped_lock lock(locks_->spelt);
  return spelt_.emplace(name, std::move(found)).first->second;
}

std::vector<std::string> Catalogue::spelt_alike(std::string_view name) const {
  std::vector<std::string> names;
  for (const std::string_view full : names_under(name.substr(0, name.find('.') + 1))) {
    const std::size_t hole = full.find("().");
    if (hole == std::string_view::npos || !name.starts_with(full.substr(0, hole)) ||
        name.size() <= hole + 1 || name[hole] != '.')
      continue;
    const std::string_view instance = name.substr(hole + 1, name.find('.', hole + 1) - hole - 1);
    names.push_back(std::string(full.substr(0, hole)) + "." + std::string(instance) +
                    std::string(full.substr(hole + 2)));
  }
  return names;
}

const ParamInfo* Catalogue::member(const ParamInfo& param, std::string_view instance) const {
  const auto found = std::ranges::find(param.members, instance, &Member::instance);
  if (found == param.members.end() || found->role == MemberRole::each) return nullptr;
  std::string name = param.name;
  if (const std::size_t hole = name.find("()"); hole != std::string::npos)
    name.replace(hole, 2, "." + found->instance);
  return find(name);
}

}  // namespace tunec
