// Functions that read more than the policy's subject: every port that the host listens on, and values of
// other hosts in the fleet.
#include <algorithm>

#include "diagnostics/diag.h"
#include "plan/expr/fleet_index.h"
#include "plan/expr/parts.h"

namespace tunec {
namespace {

std::vector<Value> items_of(const Value& value) {
  if (const List* list = value.get_if<List>()) return list->items;
  if (value.poisoned()) return {};
  return {value};
}

// Whether another setting describes the same listener to another program.
bool told_before(const Setting& setting, const HostPlan& host) {
  const std::string& first = setting.param->repeats;
  return !first.empty() && std::ranges::any_of(host.settings, [&](const Setting* other) {
    return (other->name == first || other->param->name == first) && same(other->value, setting.value);
  });
}

// Evaluates an expression for one instance of one host, wherever that is.
Value value_at(const InstancePlace& place, const ast::Expr& expr, const Scope& scope, Evaluation& run) {
  const EvaluatedHost host = evaluated(*place.host);
  Scope there = scope;
  there.host = &host;
  there.plan = place.host;
  there.entries = {&place.entry};
  there.is_elsewhere = true;
  return evaluate(expr, there, run);
}

}  // namespace

Value listeners(const ast::PathPart& call, Span span, const Scope& scope, Evaluation& run) {
  if (scope.view == nullptr || scope.plan == nullptr) return {Poison{}};
  const std::string protocol = call.arguments->empty()
                                   ? ""
                                   : to_text(evaluate(*call.arguments->front().value, scope, run));
  if (!call.arguments->empty() && protocol != "tcp" && protocol != "udp")
    return poison(span, fmt::format("listeners takes tcp or udp, not {}", protocol), scope, run);
  std::vector<Value> ports;
  std::set<std::string_view> ends;  // other ends of ranges that are already included
  for (const Setting* setting : scope.plan->settings) {
    const ParamInfo& param = *setting->param;
    if (param.listens.empty() || setting->value.poisoned() ||
        (!protocol.empty() && param.listens != protocol))
      continue;
    if (told_before(*setting, *scope.plan)) continue;
    run.trace.looked_at.push_back(setting);
    if (ends.contains(setting->name)) continue;
    ports.push_back(setting->value);
    if (param.other_end.empty()) continue;
    ends.insert(param.other_end);
    const Setting* other = scope.plan->find(param.other_end);
    const ParamInfo* param_there = scope.view->catalogue->find(param.other_end);
    const Platform& platform = *scope.plan->facts->platform;
    const Value* own_default = param.default_value(platform.kernel, platform.os);
    const Value* other_default = param_there == nullptr
                                     ? nullptr
                                     : param_there->default_value(platform.kernel, platform.os);
    if (own_default == nullptr || other_default == nullptr) continue;
    const Value& end = other != nullptr ? other->value : *other_default;
    if (end.poisoned()) continue;
    const bool is_lowest = compare(*own_default, *other_default).value_or(0) < 0;
    const Value& low = is_lowest ? setting->value : end;
    const Value& high = is_lowest ? end : setting->value;
    if (compare(low, high).value_or(0) < 0) ports.back() = range_of(low, high);
  }
  return list_of(std::move(ports));
}

// `lookup(wireguard.public_key, peer.public_key, wireguard.listen_port)`. It uses an index over the fleet, so
// that one look-up from each host does not search all hosts each time.
Value lookup(const ast::PathPart& call, const Scope& scope, Evaluation& run) {
  if (scope.view == nullptr || scope.view->index == nullptr || scope.entries.empty()) return {Poison{}};
  const auto& arguments = *call.arguments;
  const Value wanted = evaluate(*arguments[1].value, scope, run);
  if (wanted.poisoned()) return {Poison{}};
  if (const List* none = wanted.get_if<List>(); none != nullptr && none->items.empty()) return wanted;
  const ast::Expr& key = *arguments[0].value;
  const auto [index, is_new] = scope.view->index->by_key.try_emplace(&key);
  if (is_new) {
    const std::string surface = scope.entries.back()->name;
    const Trace before = run.trace;  // building the index does not count as reading these settings
    for (const HostPlan* host : scope.view->index->hosts) {
      for (ScopeEntry& entry : entries_of(surface, *host)) {
        const InstancePlace place{host, std::move(entry)};
        for (const Value& item : items_of(value_at(place, key, scope, run)))
          index->second[to_text(item)].push_back(place);
      }
    }
    run.trace = before;
  }
  std::vector<Value> found;
  for (const Value& item : items_of(wanted)) {
    const auto places = index->second.find(to_text(item));
    if (places == index->second.end()) continue;
    for (const InstancePlace& place : places->second) {
      Value value = value_at(place, *arguments[2].value, scope, run);
      if (value.poisoned()) continue;
      if (!wanted.is<List>()) return value;
      found.push_back(std::move(value));
    }
  }
  return wanted.is<List>() ? list_of(std::move(found)) : Value{Poison{}};
}

}  // namespace tunec
