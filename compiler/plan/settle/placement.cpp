#include "plan/settle/placement.h"

#include <algorithm>

namespace tunec {
namespace {

// `-` and `_` are one in a module's name.
bool same_module(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, {}, [](char c) { return c == '-' ? '_' : c; }, [](char c) { return c == '-' ? '_' : c; });
}

// What the setting's record, or its value's, says that the list collects.
std::vector<std::string> modules_of(const Setting& setting, Collects what, const Platform& platform) {
  const bool early = what == Collects::early;
  std::vector<std::string> modules = early ? setting.param->early : setting.param->loads;
  const auto add_for = [&](const Value& value) {
    const Word* word = value.get_if<Word>();
    if (word == nullptr) return;
    const auto found = std::ranges::find(setting.param->values, word->text, &EnumValue::name);
    if (found == setting.param->values.end()) return;
    const auto& its = early ? found->early : found->loads;
    modules.insert(modules.end(), its.begin(), its.end());
  };
  if (!setting.param->values.empty()) {
    add_for(setting.value);
    if (const List* list = setting.value.get_if<List>()) std::ranges::for_each(list->items, add_for);
  }
  std::erase_if(modules, [&](const std::string& module) { return platform.builds_in(module); });
  return modules;
}

}  // namespace

void place(Setting& setting, const Platform& platform) {
  setting.surface = setting.param->surface;
  std::string& key = setting.key = setting.param->key;
  for (const std::string& instance : setting.instances) {
    if (const std::size_t hole = key.find("{}"); hole != std::string::npos) key.replace(hole, 2, instance);
  }
  const bool carried_elsewhere = !setting.param->if_builtin.empty() &&
                                 platform.builds_in(std::string_view(key).substr(0, key.find('.')));
  if (carried_elsewhere) setting.surface = setting.param->if_builtin;
}

std::vector<ModuleList> module_lists(const Catalogue& catalogue) {
  std::vector<ModuleList> lists;
  for (const std::string_view surface : {"initramfs.", "modules-load."}) {
    for (const std::string_view name : catalogue.names_under(surface)) {
      const ParamInfo* param = catalogue.find(name);
      if (param->collects != Collects::nothing) lists.emplace_back(*param);
    }
  }
  return lists;
}

bool ModuleList::is_needed_by(const Setting& setting, const Platform& platform) const {
  return !modules_of(setting, param_->collects, platform).empty();
}

void ModuleList::add(const Setting& setting, const Platform& platform, std::optional<Setting>& list) const {
  for (std::string& module : modules_of(setting, param_->collects, platform)) {
    if (!list) {
      list.emplace();
      list->param = param_;
      list->name = param_->name;
      list->origin = setting.origin;
      // The setting itself is available, so the list needs no such condition
      list->origin.only_where_available = false;
      list->value = list_of({});
      place(*list, platform);
    } else {
      list->also_set_by.push_back(setting.origin);
      list->also_set_by.back().only_where_available = false;
    }
    auto& items = std::get<List>(list->value.v).items;
    const auto is_it = [&](const Value& item) { return same_module(to_text(item), module); };
    if (std::ranges::none_of(items, is_it)) items.push_back(symbol(module));
    std::ranges::sort(items, {}, [](const Value& item) { return to_text(item); });
  }
}

}  // namespace tunec
