#include "plan/settle/host_settings.h"

#include <algorithm>
#include <iterator>
#include <set>

namespace tunec {
namespace {

const Setting* find_in(const std::vector<Setting>& settings, std::string_view name) {
  const auto found = std::ranges::lower_bound(settings, name, {}, &Setting::name);
  return found != settings.end() && found->name == name ? &*found : nullptr;
}

void replace_or_insert(std::vector<Setting>& settings, Setting setting) {
  const auto at = std::ranges::lower_bound(settings, setting.name, {}, &Setting::name);
  if (at != settings.end() && at->name == setting.name) *at = std::move(setting);
  else settings.insert(at, std::move(setting));
}

}  // namespace

SharedSettings::SharedSettings(Candidates candidates, const std::vector<ModuleList>& lists)
    : candidates_(std::move(candidates)) {
  set_apart();
  Merged merged = merge(std::move(candidates_.shared), candidates_.walk->graph);
  *settings_ = std::move(merged.settings);
  conflicts_ = std::move(merged.conflicts);
  for (Setting& setting : *settings_) place(setting, platform());
  for (const ModuleList& list : lists) {
    Collected& collected = lists_.emplace_back();
    collected.modules = &list;
    collect(collected);
  }
}

// Adds the modules that the settings need to their list. This may move settings by one place, and corrects
// the places that other lists have stored.
void SharedSettings::collect(Collected& list) {
  for (std::size_t i = 0; i < settings_->size(); ++i) {
    if (list.modules->is_needed_by((*settings_)[i], platform())) list.needing.push_back(i);
  }
  if (const Setting* written = find(list.modules->param().name)) list.written = *written;
  if (list.needing.empty()) return;
  std::optional<Setting> all = list.written;
  for (const std::size_t i : list.needing) list.modules->add((*settings_)[i], platform(), all);
  const auto before = settings_->size();
  const std::string name = all->name;
  replace_or_insert(*settings_, std::move(*all));
  if (settings_->size() == before) return;
  const auto at = static_cast<std::size_t>(find(name) - settings_->data());
  for (Collected& noted : lists_) {
    for (std::size_t& i : noted.needing) i += i >= at ? 1 : 0;
  }
}

// If one host has its own candidate for a name, the name is settled for each host separately. So shared
// settings hold on all hosts, except where a host's own declaration beats them.
void SharedSettings::set_apart() {
  std::set<std::string_view> names;
  for (const auto& own : candidates_.own) {
    for (const Made* made : own) {
      if (made->candidate) names.insert(made->candidate->name);
    }
  }
  if (names.empty()) return;
  const auto shared = std::ranges::stable_partition(
      candidates_.shared, [&](const Candidate& candidate) { return !names.contains(candidate.name); });
  std::ranges::move(shared, std::back_inserter(contested_));
  candidates_.shared.erase(shared.begin(), shared.end());
  std::ranges::stable_sort(contested_, {}, &Candidate::name);
}

const Setting* SharedSettings::find(std::string_view name) const { return find_in(*settings_, name); }

std::vector<Setting> SharedSettings::settle_for(std::size_t host, std::vector<Conflict>& conflicts) const {
  if (candidates_.own.empty()) return {};
  std::vector<Candidate> all = contested_;
  for (const Made* made : candidates_.own[host]) {
    if (made->candidate) all.push_back(*made->candidate);
  }
  if (all.empty()) return {};
  Merged merged = merge(std::move(all), candidates_.walk->graph);
  std::ranges::move(merged.conflicts, std::back_inserter(conflicts));
  for (Setting& setting : merged.settings) place(setting, platform());
  for (const Collected& list : lists_) add_modules(list, merged.settings);
  return std::move(merged.settings);
}

// Sorts by the names of the settings that need modules, as if all had been settled together.
void SharedSettings::add_modules(const Collected& list, std::vector<Setting>& own) const {
  std::vector<const Setting*> needing;
  for (const Setting& setting : own) {
    if (list.modules->is_needed_by(setting, platform())) needing.push_back(&setting);
  }
  const Setting* own_list = find_in(own, list.modules->param().name);
  if (needing.empty() && own_list == nullptr) return;
  for (const std::size_t i : list.needing) needing.push_back(&(*settings_)[i]);
  std::ranges::sort(
      needing, {}, [](const Setting* setting) -> auto& { return setting->name; });
  std::optional<Setting> all = own_list != nullptr ? std::optional(*own_list) : list.written;
  for (const Setting* setting : needing) list.modules->add(*setting, platform(), all);
  if (all) replace_or_insert(own, std::move(*all));
}

std::vector<Setting> SharedSettings::settle_over(std::vector<Setting> settings, std::vector<Candidate> own,
                                                 std::vector<Conflict>& conflicts) const {
  std::map<std::string, std::vector<Candidate>> by_name;
  for (Candidate& candidate : own) by_name[candidate.name].push_back(std::move(candidate));
  const auto beneath = [&](std::string_view name) {
    const Setting* found = find_in(settings, name);
    return found != nullptr ? found : find(name);
  };
  std::vector<Setting> above;
  for (auto& [name, group] : by_name) {
    std::erase_if(conflicts, [&](const Conflict& conflict) { return conflict.name == name; });
    std::vector<Conflict> found;
    above.push_back(settle_own(std::move(group), beneath(name), found));
    place(above.back(), platform());
    std::ranges::move(found, std::back_inserter(conflicts));
  }
  for (const Collected& collected : lists_) {
    const ModuleList& modules = *collected.modules;
    std::optional<Setting> list;
    if (const Setting* own_list = find_in(above, modules.param().name)) list = *own_list;
    else if (const Setting* shared_list = beneath(modules.param().name)) list = *shared_list;
    const std::size_t before = list ? list->value.as<List>().items.size() : 0;
    for (const Setting& setting : above) modules.add(setting, platform(), list);
    if (list && list->value.as<List>().items.size() > before) replace_or_insert(above, std::move(*list));
  }
  for (Setting& setting : above) replace_or_insert(settings, std::move(setting));
  return settings;
}

}  // namespace tunec
