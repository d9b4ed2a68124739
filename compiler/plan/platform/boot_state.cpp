#include "plan/platform/boot_state.h"

#include <algorithm>
#include <tuple>
#include <unordered_set>

#include "plan/platform/convert.h"

namespace tunec {
namespace {

// Module options are spelt with - or _, and `conf(eth0)` is conf.eth0 to the kernel.
std::string plain(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c == '(') text += '.';
    else if (c != ')') text += c == '-' ? '_' : c;
  }
  return text;
}

// The value in the state's words; Poison if this value does not touch the state.
Value common(const StateOf& state, const Value& own) {
  const Value* value = &own;
  if (state.item > 0) {
    const List* list = own.get_if<List>();
    if (list == nullptr || list->items.size() < state.item) return {Poison{}};
    value = &list->items[state.item - 1];
  }
  if (state.values.empty()) return *value;
  const auto found = std::ranges::find_if(
      state.values, [&](const StateValue& state_value) { return agree(state_value.own, *value); });
  return found == state.values.end() ? Value{Poison{}} : found->common;
}

std::optional<Value> own(const StateOf& state, const Value& value) {
  if (state.item > 0) return std::nullopt;  // the other items are unknown
  if (state.values.empty()) return value;
  const auto found = std::ranges::find_if(
      state.values, [&](const StateValue& state_value) { return agree(state_value.common, value); });
  return found == state.values.end() ? std::nullopt : std::optional(found->own);
}

// A parameter is a state of its own if it shares no state with others, or sets only an item of one.
std::vector<StateOf> all_states(const ParamInfo* param, std::string_view name) {
  std::vector<StateOf> states = param == nullptr ? std::vector<StateOf>() : param->states;
  if (std::ranges::all_of(states, [](const StateOf& state) { return state.item > 0; }))
    states.push_back({std::string(name), {}, 0});
  for (StateOf& state : states) state.name = plain(state.name);
  return states;
}

// Converts the text of a distribution's file, or of a parameter without a record, to the record's type.
Value typed(Value value, const ParamInfo* param, const std::string& name, const Platform& platform) {
  if (param == nullptr) return value;
  Reporter unheard;
  if (auto converted = convert({*param, name, nowhere, platform, {}}, value, unheard);
      converted && !unheard.has_errors())
    return std::move(*converted);
  return value;
}

bool before(const Write& a, const Write& b) {
  const auto place = [](const Write& write) {
    return std::tuple(write.turn, write.within, write.param == nullptr ? 0 : write.param->order,
                      std::string_view(write.name));
  };
  return place(a) < place(b);
}

}  // namespace

std::string Write::by(const BootOrder& order) const {
  if (file != nullptr) return fmt::format("{}.d/{}", order.surface_of_files(), file->file);
  const Stage* stage = order.stage(setting->surface);
  if (stage == nullptr) return setting->surface;
  return within == stage->file ? stage->name : fmt::format("{}.d/{}", order.surface_of_files(), within);
}

bool agree(const Value& a, const Value& b) {
  if (same(a, b)) return true;
  const auto wordy = [](const Value& value) {
    return value.is<bool>() || value.is<Word>() || value.is<std::string>();
  };
  return wordy(a) && wordy(b) && to_text(a) == to_text(b);
}

bool may_lose(const Setting& setting) { return setting.origin.unchecked && !setting.param->source.empty(); }

std::vector<Write> BootState::writes(const Setting& setting, const Platform& platform) const {
  const Stage* stage = order_.stage(setting.surface);
  if (stage == nullptr || setting.value.poisoned()) return {};
  Write write{{},
              {},
              &setting,
              nullptr,
              setting.param,
              setting.name,
              setting.value,
              order_.turn(setting.surface),
              platform.sets_late(setting.key) ? stage->late_file : stage->file};
  const ParamInfo* meant = setting.param;
  std::string name = setting.name;
  if (const auto same = order_.same(setting.surface, setting.key)) {
    write.turn = same->turn;
    if (setting.param->states.empty() && setting.surface == setting.param->surface) {
      name = same->parameter;
      if (const ParamInfo* param = catalogue_.find(name)) meant = param;
    }
  }
  const Value value = meant == setting.param ? setting.value : typed(setting.value, meant, name, platform);
  std::vector<Write> all;
  for (const StateOf& state : all_states(meant, name)) {
    write.state = state.name;
    write.value = common(state, value);
    write.is_passing = state.is_passing;
    all.push_back(write);
  }
  return all;
}

std::vector<Write> BootState::writes(const DistributionFile& file, const Platform& platform) const {
  const std::string_view surface = order_.surface_of_files();
  std::vector<Write> all;
  for (const auto& [key, value] : file.sets) {
    const std::string name = fmt::format("{}.{}", surface, key);
    const ParamInfo* param = catalogue_.find(name);
    Write write{
        {},       {}, nullptr, &file, param, name, typed(value, param, name, platform), order_.turn(surface),
        file.file};
    for (const StateOf& state : all_states(param, name)) {
      write.state = state.name;
      write.value = common(state, write.own);
      all.push_back(write);
    }
  }
  return all;
}

BootState::BootState(const Plan& plan, const Catalogue& catalogue, const BootOrder& order)
    : catalogue_(catalogue), order_(order) {
  SettingsByState all;
  std::unordered_set<std::string> seen;
  const auto add = [&](const Setting& setting, const Platform& platform) {
    if (setting.value.poisoned() || !seen.insert(setting.name + '\n' + setting.surface).second) return;
    for (std::string& state : states_of(setting, platform)) {
      std::vector<std::string>& names = all[std::move(state)];
      const auto at = std::ranges::lower_bound(names, setting.name);
      if (at == names.end() || *at != setting.name) names.insert(at, setting.name);
    }
  };
  const std::vector<Setting>* previous = nullptr;
  for (const HostPlans& hosts : hosts_by_class(plan)) {
    const std::vector<Setting>& shared = *hosts.front()->shared;
    for (std::size_t i = 0; i < shared.size(); ++i) {
      // Classes are similar: mostly, the same name stands at the same place.
      const Setting* before = previous != nullptr && i < previous->size() ? &(*previous)[i] : nullptr;
      const bool is_same = before != nullptr && before->name == shared[i].name &&
                           before->surface == shared[i].surface && !before->value.poisoned();
      if (!is_same) add(shared[i], *hosts.front()->facts->platform);
    }
    previous = &shared;
    for (const HostPlan* host : hosts) {
      for (const Setting& setting : host->own) add(setting, *host->facts->platform);
    }
  }
  settings_by_state_ = std::make_shared<const SettingsByState>(std::move(all));
}

const BootState::Writes& BootState::of_files(const Platform& platform) const {
  const auto [of_platform, is_new] = of_platform_.try_emplace(&platform);
  if (!is_new) return of_platform->second;
  for (const DistributionFile* file : order_.files_of(platform)) {
    for (Write& write : writes(*file, platform)) of_platform->second[write.state].push_back(std::move(write));
  }
  return of_platform->second;
}

std::vector<const BootState::SettingsByState::value_type*> BootState::contested(const HostPlan& host) const {
  const Writes& files = of_files(*host.facts->platform);
  std::vector<const SettingsByState::value_type*> states;
  for (const auto& entry : *settings_by_state_) {
    if (entry.second.size() > 1 || files.contains(entry.first)) states.push_back(&entry);
  }
  return states;
}

std::vector<Write> BootState::chain(const HostPlan& host, std::string_view state) const {
  std::vector<Write> all;
  const Writes& files = of_files(*host.facts->platform);
  if (const auto found = files.find(state); found != files.end()) all = found->second;
  if (const auto found = settings_by_state_->find(state); found != settings_by_state_->end()) {
    for (const std::string& name : found->second) {
      const Setting* setting = host.find(name);
      if (setting == nullptr) continue;
      std::ranges::copy_if(writes(*setting, *host.facts->platform), std::back_inserter(all),
                           [&](const Write& write) { return write.state == state; });
    }
  }
  std::erase_if(all, [](const Write& write) { return write.value.poisoned(); });
  std::ranges::stable_sort(all, before);
  // A user who sets it `unchecked` vouches for the order, so the distribution's file is left out there.
  const auto known_better = std::ranges::find_if(
      all, [](const Write& write) { return write.setting != nullptr && may_lose(*write.setting); });
  if (known_better != all.end())
    all.erase(
        std::remove_if(known_better, all.end(), [](const Write& write) { return write.setting == nullptr; }),
        all.end());
  return all;
}

std::vector<Write> BootState::chain_of_first(const HostPlan& host,
                                             const std::vector<std::string>& states) const {
  for (const std::string& state : states) {
    if (auto writes = chain(host, state); !writes.empty()) return writes;
  }
  return {};
}

bool BootState::has_several_names(std::string_view state) const {
  const auto names = settings_by_state_->find(state);
  return names != settings_by_state_->end() && names->second.size() > 1;
}

std::vector<std::string> BootState::states_of(const ParamInfo& param, std::string_view name) const {
  std::vector<std::string> names;
  for (StateOf& state : all_states(&param, name)) names.push_back(std::move(state.name));
  return names;
}

std::vector<std::string> BootState::states_of(const Setting& setting, const Platform& platform) const {
  std::vector<std::string> names;
  for (Write& write : writes(setting, platform)) names.push_back(std::move(write.state));
  return names;
}

std::set<std::string, std::less<>> BootState::states_of(
    const std::set<std::string, std::less<>>& names) const {
  std::set<std::string, std::less<>> states;
  for (const std::string& name : names) {
    if (const ParamInfo* param = catalogue_.find(name)) {
      for (std::string& state : states_of(*param, name)) states.insert(std::move(state));
    }
  }
  return states;
}

std::optional<BootState::Found> BootState::stand_in(const HostPlan& host, const ParamInfo& param,
                                                    std::string_view name) const {
  auto states = states_.find(name);
  if (states == states_.end()) states = states_.emplace(name, all_states(&param, name)).first;
  for (const StateOf& state : states->second) {
    const std::vector<Write> all = chain(host, state.name);
    if (all.empty()) continue;
    if (auto value = tunec::own(state, all.back().value)) return Found{std::move(*value), all.back().setting};
  }
  return std::nullopt;
}

}  // namespace tunec
