// What settings an expression looks at: of the instance at hand, of all instances, or of another host of a
// test.
#include <algorithm>

#include "diagnostics/diag.h"
#include "plan/expr/evaluate.h"
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

}  // namespace

Value Evaluator::setting(const ast::Path& path, Span span) {
  std::string name;
  bool all_instances = false;  // `boot.isolcpus()`
  for (const ast::PathPart& part : path.parts) {
    if (!name.empty()) name += '.';
    name += part.name.text;
    if (!part.arguments) continue;
    all_instances = all_instances || part.arguments->empty();
    for (const ast::Argument& argument : *part.arguments)
      name += "(" + to_text((*this)(*argument.value)) + ")";
  }
  const std::string& first = path.parts.front().name.text;
  if (all_instances) return settings_of_all_instances(name);
  if (view->named != nullptr && path.parts.size() > 1) {
    const auto host = std::ranges::find(*view->named, first, &HostPlan::name);
    if (host == view->named->end()) return poison(span, fmt::format("the test declares no host `{}`", first));
    const HostPlan* outer = std::exchange(view->host, &*host);
    const auto* names = std::exchange(view->named, nullptr);
    Value value = setting({{path.parts.begin() + 1, path.parts.end()}}, span);
    view->host = outer;
    view->named = names;
    return value;
  }
  std::string rest, stem;  // of a path that begins with an instance
  if (const auto scope = std::ranges::find(view->scopes, first, &Scope::name); scope != view->scopes.end()) {
    if (scope->item || scope->setting != nullptr || scope->host != nullptr)
      return in_scope(*scope, path, span);
    if (path.parts.size() == 2 && path.parts[1].name.text == "name") return symbol(scope->instance);
    rest = name.substr(first.size());
    stem = scope->stem;
    name.replace(0, first.size(), stem);
  }
  if (view->host == nullptr) return {Poison{}};  // the binder has reported it
  if (const Setting* found = view->host->find(name)) {
    view->looked_at.push_back(found);
    return found->value;
  }
  if (std::ranges::find(view->host->spoiled, name) != view->host->spoiled.end()) {
    view->spoiled = true;
    return {Poison{}};
  }
  const std::string around = general_name(stem);
  if (const ParamInfo* param = view->catalogue->find(stem.empty() ? name : around + rest)) {
    const auto other = view->effective == nullptr ? std::nullopt
                                                  : view->effective->stand_in(*view->host, *param, name);
    if (other && other->setting != nullptr) view->looked_at.push_back(other->setting);
    if (other) return other->value;
    const Value* standard = param->standard(view->host->facts->kernel, view->host->facts->os);
    return standard == nullptr ? Value{Poison{}} : *standard;
  }
  return settings_of_all_instances(stem.empty() ? name : without_instances(around) + rest, stem);
}

// `wireguard.mtu` where no instance is named, or `boot.isolcpus()`: the values of all of them.
// `wireguard.peer.endpoint` in a policy for interfaces: of all peers of the one at hand.
Value Evaluator::settings_of_all_instances(std::string_view name, std::string_view stem) {
  std::vector<Value> values;
  if (view->host == nullptr) return {Poison{}};
  // Settings stand by name, so that those that begin alike stand together.
  const std::string_view begin = stem.empty() ? name.substr(0, name.find('.')) : stem;
  const auto& all = view->host->settings;
  for (auto at = std::ranges::lower_bound(
           all, begin, {}, [](const Setting* setting) { return std::string_view(setting->name); });
       at != all.end(); ++at) {
    const Setting* candidate = *at;
    if (!candidate->name.starts_with(begin)) break;
    if (candidate->instances.empty() || !is_without_instances(name, candidate->param->name)) continue;
    view->looked_at.push_back(candidate);
    values.push_back(candidate->value);
  }
  return values.empty() ? Value{Poison{}} : list_of(std::move(values));
}

Value Evaluator::is_set(const ast::Expr& expr) {
  if (view == nullptr) return {Poison{}};
  const std::size_t before = view->looked_at.size();
  const Effective* effective = std::exchange(view->effective, nullptr);  // under this very name
  (*this)(expr);
  view->effective = effective;
  return {view->looked_at.size() > before};
}

// The names under which a parameter is set: [nvme, sda] of udev.scheduler.
Value Evaluator::instances(const ast::Expr& expr) {
  if (view == nullptr) return {Poison{}};
  const std::size_t before = view->looked_at.size();
  if (const ast::Path* path = std::get_if<ast::Path>(&expr.node)) settings_of_all_instances(joined(*path));
  std::vector<Value> names;
  for (std::size_t i = before; i < view->looked_at.size(); ++i)
    names.push_back({view->looked_at[i]->instances.front()});
  return list_of(std::move(names));
}

}  // namespace tunec
