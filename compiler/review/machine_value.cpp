#include "review/machine_value.h"

#include <algorithm>

#include "plan/platform/boot_state.h"

namespace tunec {
namespace {

std::string joined(const std::vector<Value>& items, std::string_view sign) {
  std::string text;
  for (const Value& item : items)
    text += fmt::format("{}{}{}", text.empty() ? "" : " ", sign, to_source(item));
  return text;
}

std::vector<Value> without(const List& list, const List& other) {
  std::vector<Value> rest;
  for (const Value& item : list.items) {
    if (std::ranges::find(other.items, item) == other.items.end()) rest.push_back(item);
  }
  return rest;
}

}  // namespace

MachineValue machine_value(const Side& side, const HostPlan& host, const ParamInfo& param,
                           const std::string& name, const Setting* setting) {
  const BootState& boot_state = side.input.boot_state;
  const Platform& platform = *host.facts->platform;
  if (setting != nullptr) {
    const auto chain = boot_state.chain_of_first(host, boot_state.states_of(*setting, platform));
    if (chain.size() < 2 || chain.back().setting == setting || chain.back().own.poisoned())
      return {setting->value, ""};
    return {chain.back().own, chain.back().by(boot_state.order())};
  }
  if (const auto found = boot_state.stand_in(host, param, name)) {
    if (found->setting != nullptr) return {found->value, found->setting->name};
    const auto chain = boot_state.chain_of_first(host, boot_state.states_of(param, name));
    return {found->value, chain.empty() ? "" : chain.back().by(boot_state.order())};
  }
  if (const Value* value = param.default_value(platform.kernel, platform.kernel_distribution());
      value != nullptr && !value->poisoned())
    return {*value, "default"};
  return {std::nullopt, ""};
}

std::string text_of(const MachineValue& value) {
  if (!value.value) return "not set";
  const std::string text = to_source(*value.value);
  return value.by.empty() ? text : fmt::format("{} ({})", text, value.by);
}

std::string delta_of(const Value& before, const Value& after) {
  if (before.is<CpuSet>() && after.is<CpuSet>()) {
    const CpuSet gone = before.as<CpuSet>() - after.as<CpuSet>(),
                 come = after.as<CpuSet>() - before.as<CpuSet>();
    std::string text;
    if (!come.empty()) text = "+" + to_source(Value{come});
    if (!gone.empty()) text += (text.empty() ? "-" : " -") + to_source(Value{gone});
    return text;
  }
  const List* a = before.get_if<List>();
  const List* b = after.get_if<List>();
  if (a == nullptr || b == nullptr) return "";
  const std::vector<Value> gone = without(*a, *b), come = without(*b, *a);
  if (gone.empty() && come.empty()) return "in another order";
  std::string text = joined(come, "+");
  if (!gone.empty()) text += (text.empty() ? "" : " ") + joined(gone, "-");
  return text;
}

}  // namespace tunec
