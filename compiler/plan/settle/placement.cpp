#include "plan/settle/placement.h"

#include <algorithm>
#include <array>

namespace tunec {
namespace {

// The modules that the list collects for a setting: from its record, and from the record of its value.
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
  std::erase_if(modules,
                [&](const std::string& module) { return platform.builds_in(module).value_or(false); });
  return modules;
}

// Whether the parameter belongs to the kernel's own code: a release lists it; or it is `unchecked`, and a
// release lists others of the same module.
bool is_of_kernel_code(const ParamInfo& param, std::string_view module, const Platform& platform) {
  if (!param.sightings.empty()) return true;
  if (!param.source.empty() || !platform.measured) return false;
  const Catalogue& catalogue = *platform.measured->catalogue;
  const auto was_read = [&](std::string_view name) { return !catalogue.find(name)->sightings.empty(); };
  return std::ranges::any_of(std::array{&param.surface, &param.if_builtin}, [&](const std::string* surface) {
    const std::string prefix = *surface + "." + module_name(module) + ".";
    return std::ranges::any_of(catalogue.names_under(prefix), was_read);
  });
}

}  // namespace

void place(Setting& setting, const Platform& platform) {
  setting.surface = setting.param->surface;
  std::string& key = setting.key = setting.param->key;
  for (const std::string& instance : setting.instances) {
    if (const std::size_t hole = key.find("{}"); hole != std::string::npos) key.replace(hole, 2, instance);
  }
  if (setting.param->if_builtin.empty()) return;
  const PartOfKernel part = part_of_kernel(*setting.param, module_of(setting), platform);
  const bool is_module = part == PartOfKernel::no ||
                         (part == PartOfKernel::unknown && setting.param->sightings.empty());
  if (!is_module) setting.surface = setting.param->if_builtin;
}

PartOfKernel part_of_kernel(const ParamInfo& param, std::string_view module, const Platform& platform) {
  const std::optional<bool> builtin = platform.builds_in(module);
  if (builtin.value_or(false)) return PartOfKernel::yes;
  // If code has parameters and no kernel has it as a module, it cannot be a module
  const bool is_no_module = platform.module_in(module) == ModuleIn::absent &&
                            is_of_kernel_code(param, module, platform) && !platform.has_installed(module);
  if (is_no_module) return PartOfKernel::yes;
  return builtin ? PartOfKernel::no : PartOfKernel::unknown;
}

std::string_view module_of(const Setting& setting) {
  return std::string_view(setting.key).substr(0, setting.key.find('.'));
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
      // The setting itself is available, so the list does not need that condition
      list->origin.only_where_available = false;
      list->value = list_of({});
      place(*list, platform);
    } else {
      list->also_set_by.push_back(setting.origin);
      list->also_set_by.back().only_where_available = false;
    }
    auto& items = std::get<List>(list->value.v).items;
    const Value needed{Word{WordKind::module, module}};
    if (std::ranges::none_of(items, [&](const Value& item) { return same(item, needed); }))
      items.push_back(needed);
    std::ranges::sort(items, {}, [](const Value& item) { return to_text(item); });
  }
}

}  // namespace tunec
