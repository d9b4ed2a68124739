#include "plan/settle/placement.h"

#include <algorithm>

namespace tunec {
namespace {

std::vector<std::string> modules_of(const Setting& setting, const Platform& platform) {
  std::vector<std::string> modules = setting.param->loads;
  const auto add_for = [&](const Value& value) {
    const Word* word = value.get_if<Word>();
    if (word == nullptr) return;
    const auto found = std::ranges::find(setting.param->values, word->text, &EnumValue::name);
    if (found != setting.param->values.end())
      modules.insert(modules.end(), found->loads.begin(), found->loads.end());
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

ModuleList::ModuleList(const Catalogue& catalogue) {
  for (const std::string_view name : catalogue.names_under("modules-load.")) {
    const ParamInfo* param = catalogue.find(name);
    if (param->collects_loads) param_ = param;
  }
}

bool ModuleList::is_needed_by(const Setting& setting, const Platform& platform) const {
  return param_ != nullptr && !modules_of(setting, platform).empty();
}

void ModuleList::add(const Setting& setting, const Platform& platform, std::optional<Setting>& list) const {
  if (param_ == nullptr) return;
  for (std::string& module : modules_of(setting, platform)) {
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
    const auto is_it = [&](const Value& item) { return to_text(item) == module; };
    if (std::ranges::none_of(items, is_it)) items.push_back(symbol(module));
    std::ranges::sort(items, {}, [](const Value& item) { return to_text(item); });
  }
}

}  // namespace tunec
