// The settings that an expression reads: of the current instance, of all instances, or of another host of a
// test.
#include <algorithm>

#include "diagnostics/diag.h"
#include "plan/expr/parts.h"
#include "plan/platform/boot_state.h"

namespace tunec {
namespace {

std::string joined(const ast::Path& path) {
  std::string text;
  for (const ast::PathPart& part : path.parts) text += (text.empty() ? "" : ".") + part.name.text;
  return text;
}

// wireguard().peer() of wireguard(wg0).peer(office).
std::string general_name(std::string_view stem) {
  std::string general;
  int depth = 0;
  for (const char c : stem) {
    if (c == ')') --depth;
    if (depth == 0) general += c;
    if (c == '(') ++depth;
  }
  return general;
}

// Whether `bare` is without_instances(name).
bool is_without_instances(std::string_view bare, std::string_view name) {
  std::size_t at = 0;
  for (const char c : name) {
    if (c == '(' || c == ')') continue;
    if (at == bare.size() || bare[at++] != c) return false;
  }
  return at == bare.size();
}

// `wireguard.mtu` if no instance is named, and `boot.isolcpus()`: the values of all instances.
// `wireguard.peer.endpoint` in a policy for interfaces: the values of all peers of the current interface.
Value settings_of_all_instances(std::string_view name, std::string_view stem, const Scope& scope,
                                Evaluation& run) {
  std::vector<Value> values;
  if (scope.plan == nullptr) return {Poison{}};
  // Settings are sorted by name, so those that begin alike are neighbours.
  const std::string_view begin = stem.empty() ? name.substr(0, name.find('.')) : stem;
  const auto& all = scope.plan->settings;
  for (auto at = std::ranges::lower_bound(
           all, begin, {}, [](const Setting* setting) { return std::string_view(setting->name); });
       at != all.end(); ++at) {
    const Setting* candidate = *at;
    if (!candidate->name.starts_with(begin)) break;
    if (candidate->instances.empty() || !is_without_instances(name, candidate->param->name)) continue;
    run.trace.looked_at.push_back(candidate);
    values.push_back(candidate->value);
  }
  return values.empty() ? Value{Poison{}} : list_of(std::move(values));
}

}  // namespace

namespace {

// `sysctl.net.ipv4.conf.eth0.rp_filter`, for the setting with the name conf(eth0).
Value value_of_instance(const ParamInfo& param, const std::string& instance, const Scope& scope,
                        Evaluation& run) {
  std::string name = param.name;
  name.insert(name.find("()") + 1, instance);
  const Setting* found = scope.plan->find(name);
  if (found == nullptr) return {Poison{}};
  run.trace.looked_at.push_back(found);
  return found->value;
}

}  // namespace

Value setting_value(const ast::Path& path, Span span, const Scope& scope, Evaluation& run) {
  std::string name;
  bool all_instances = false;  // `boot.isolcpus()`
  for (const ast::PathPart& part : path.parts) {
    if (!name.empty()) name += '.';
    name += part.name.text;
    if (!part.arguments) continue;
    all_instances = all_instances || part.arguments->empty();
    for (const ast::Argument& argument : *part.arguments)
      name += "(" + to_text(evaluate(*argument.value, scope, run)) + ")";
  }
  const std::string& first = path.parts.front().name.text;
  if (all_instances) return settings_of_all_instances(name, {}, scope, run);
  if (scope.view->named != nullptr && scope.plan_by_name && path.parts.size() > 1) {
    const auto host = std::ranges::find(*scope.view->named, first, &HostPlan::name);
    if (host == scope.view->named->end())
      return poison(span, fmt::format("the test declares no host `{}`", first), scope, run);
    Scope of_host = scope;
    of_host.plan = &*host;
    of_host.plan_by_name = false;
    return setting_value({{path.parts.begin() + 1, path.parts.end()}}, span, of_host, run);
  }
  std::string rest, stem;  // for a path that begins with an instance
  const auto entry = std::ranges::find(
      scope.entries, first, [](const ScopeEntry* some) -> auto& { return some->name; });
  if (entry != scope.entries.end()) {
    if ((*entry)->item || (*entry)->setting != nullptr || (*entry)->host != nullptr)
      return value_in_entry(**entry, path, span, scope, run);
    if (path.parts.size() == 2 && path.parts[1].name.text == "name") return symbol((*entry)->instance);
    rest = name.substr(first.size());
    stem = (*entry)->stem;
    name.replace(0, first.size(), stem);
  }
  if (scope.plan == nullptr) return {Poison{}};  // the binder has reported it
  if (const Setting* found = scope.plan->find(name)) {
    run.trace.looked_at.push_back(found);
    return found->value;
  }
  if (std::ranges::find(scope.plan->failed_settings, name) != scope.plan->failed_settings.end()) {
    run.trace.is_spoiled = true;
    return {Poison{}};
  }
  const std::string around = general_name(stem);
  if (const ParamInfo* param = scope.view->catalogue->find(stem.empty() ? name : around + rest)) {
    const auto other = scope.view->boot_state == nullptr || scope.only_own_name
                           ? std::nullopt
                           : scope.view->boot_state->stand_in(*scope.plan, *param, name);
    if (other && other->setting != nullptr) run.trace.looked_at.push_back(other->setting);
    if (other) return other->value;
    const Value* default_value = param->default_value(scope.plan->facts->platform->kernel,
                                                      scope.plan->facts->platform->os);
    return default_value == nullptr ? Value{Poison{}} : *default_value;
  }
  if (const auto spelt = stem.empty() ? scope.view->catalogue->spelt(name) : std::nullopt;
      spelt && spelt->instances.size() == 1)
    return value_of_instance(*spelt->param, spelt->instances.front(), scope, run);
  return settings_of_all_instances(stem.empty() ? name : without_instances(around) + rest, stem, scope, run);
}

Value is_set(const ast::Expr& expr, const Scope& scope, Evaluation& run) {
  if (scope.view == nullptr) return {Poison{}};
  const std::size_t before = run.trace.looked_at.size();
  Scope under_this_name = scope;
  under_this_name.only_own_name = true;
  evaluate(expr, under_this_name, run);
  return {run.trace.looked_at.size() > before};
}

// The names of the instances of a parameter that are set: [nvme, sda] for udev.scheduler.
Value instance_names(const ast::Expr& expr, const Scope& scope, Evaluation& run) {
  if (scope.view == nullptr) return {Poison{}};
  const std::size_t before = run.trace.looked_at.size();
  if (const ast::Path* path = std::get_if<ast::Path>(&expr.node))
    settings_of_all_instances(joined(*path), {}, scope, run);
  std::vector<Value> names;
  for (std::size_t i = before; i < run.trace.looked_at.size(); ++i)
    names.push_back({run.trace.looked_at[i]->instances.front()});
  return list_of(std::move(names));
}

}  // namespace tunec
