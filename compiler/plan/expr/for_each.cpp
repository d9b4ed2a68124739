// `f(pool.cpus for pool)`: an expression's values over a collection. It may be the instances of a surface,
// what the facts list (nodes, graphics cards), the host's settings, or, in a policy for the fleet, hosts. Of
// hosts that are alike one is asked.
#include <algorithm>
#include <unordered_map>

#include "machine/devices.h"
#include "plan/expr/evaluate.h"
#include "plan/expr/setting_fields.h"

namespace tunec {
namespace {

ast::Path without_first(const ast::Path& path) { return {{path.parts.begin() + 1, path.parts.end()}}; }

std::string dotted(const ast::Path& path, std::size_t from) {
  std::string text;
  for (std::size_t i = from; i < path.parts.size(); ++i)
    text += (text.empty() ? "" : ".") + path.parts[i].name.text;
  return text;
}

// Of an interface's peers, in a policy for interfaces: only its own.
bool fits(const Scope& scope, const std::vector<Scope>& around) {
  const std::vector<Scope> nested = scope.nested();
  if (nested.size() < 2) return true;
  const auto outer = std::ranges::find(around, nested.back().name, &Scope::name);
  return outer == around.end() || outer->stem == nested.back().stem;
}

}  // namespace

std::vector<Scope> scopes_of(std::string_view collection, const HostPlan& host) {
  std::vector<Scope> scopes;
  if (collection == "setting") {
    for (const Setting* setting : host.settings)
      scopes.push_back({"setting", setting->name, std::nullopt, setting, nullptr, {}});
  } else if (!item_fields(collection).empty()) {
    for (FactItem& item : fact_items(*host.facts, collection))
      scopes.push_back({std::string(collection), std::move(item.name), item.index, nullptr, nullptr, {}});
  } else {
    // Settings stand by name, so those of one surface stand together.
    const std::string open = std::string(collection) + "(", first = open + ").", second = "()." + first;
    const auto by_name = [](const Setting* setting) { return std::string_view(setting->name); };
    auto from = std::ranges::lower_bound(host.settings, std::string_view(open), {}, by_name),
         to = host.settings.end();
    const bool is_outer = from != to && (*from)->name.starts_with(open);
    if (!is_outer) from = host.settings.begin();  // it may be within another: `peer`
    for (const Setting* setting : std::ranges::subrange(from, to)) {
      if (is_outer && !setting->name.starts_with(open)) break;
      if (setting->instances.empty()) continue;
      const std::string& param = setting->param->name;
      const bool outer = param.starts_with(first);
      if (!outer && (setting->instances.size() < 2 || param.find(second) != param.find("()."))) continue;
      // Settings of one instance stand together, and their names begin alike: with its stem.
      const std::string& name = setting->name;
      if (!scopes.empty() && name.starts_with(scopes.back().stem) && name[scopes.back().stem.size()] == '.')
        continue;
      std::string stem = fmt::format("{}({})", std::string_view(param).substr(0, param.find('(')),
                                     setting->instances.front());
      if (!outer) stem += fmt::format(".{}({})", collection, setting->instances[1]);
      scopes.push_back({std::string(collection), setting->instances[outer ? 0 : 1], std::nullopt, nullptr,
                        nullptr, std::move(stem)});
    }
  }
  return scopes;
}

std::vector<Scope> Scope::nested() const {
  std::vector<Scope> scopes{*this};
  if (const std::size_t end = stem.rfind(")." + name + "("); end != std::string::npos) {
    const std::size_t open = stem.find('(');
    scopes.push_back({stem.substr(0, open), stem.substr(open + 1, end - open - 1), std::nullopt, nullptr,
                      nullptr, stem.substr(0, end + 1)});
  }
  return scopes;
}

Value Evaluator::for_each(const ast::Argument& argument) {
  if (view == nullptr) return {Poison{}};
  const bool of_hosts = argument.each->text == "host";
  // The binder has reported it
  if (of_hosts ? view->hosts.empty() : view->host == nullptr) return {Poison{}};
  if (of_hosts) return for_each_host(argument);
  const Elsewhere elsewhere(elsewhere_);
  std::vector<Value> values;
  for (const Scope& scope : scopes_of(argument.each->text, *view->host)) {
    if (!fits(scope, view->scopes)) continue;
    view->scopes.insert(view->scopes.begin(), scope);  // the innermost is found first
    if (auto value = one_of_each(argument)) values.push_back(std::move(*value));
    view->scopes.erase(view->scopes.begin());
  }
  return list_of(std::move(values));
}

// Nothing if `where` leaves it out.
std::optional<Value> Evaluator::one_of_each(const ast::Argument& argument) {
  if (argument.where && condition(**argument.where) != true) return std::nullopt;
  return (*this)(*argument.value);
}

Value Evaluator::for_each_host(const ast::Argument& argument) {
  const Elsewhere elsewhere(elsewhere_);
  std::vector<Value> values;
  std::unordered_map<std::size_t, std::optional<Value>> by_class;
  const Subject* outer = subject_;
  const HostPlan* outer_host = view->host;
  const bool outer_identity = used_identity;
  std::set<std::string> labels;  // of all of them
  std::swap(labels, used_labels);
  for (const HostPlan* host : view->hosts) {
    const bool alike = host->own.empty();
    if (const auto known = alike ? by_class.find(host->host_class) : by_class.end();
        known != by_class.end()) {
      if (known->second) values.push_back(*known->second);
      continue;
    }
    const Subject subject = subject_of(*host);
    subject_ = &subject;
    view->host = host;
    used_identity = false;
    used_labels.clear();
    auto value = one_of_each(argument);
    if (alike && !used_identity && used_labels.empty()) by_class.emplace(host->host_class, value);
    labels.merge(used_labels);
    if (value) values.push_back(std::move(*value));
  }
  used_labels = std::move(labels);
  subject_ = outer;
  view->host = outer_host;
  used_identity = outer_identity;
  return list_of(std::move(values));
}

// A path whose first word is the scope's.
Value Evaluator::in_scope(const Scope& scope, const ast::Path& path, Span span) {
  if (scope.host != nullptr) return of_host(*scope.host, without_first(path), span);
  const std::string field = dotted(path, 1);
  if (scope.setting != nullptr) {
    view->looked_at.push_back(scope.setting);
    return setting_field(*scope.setting, *subject_->facts, field).value_or(Value{Poison{}});
  }
  return item_fact(*subject_->facts, scope.name, *scope.item, field).value_or(Value{Poison{}});
}

Value Evaluator::of_host(const HostPlan& host, const ast::Path& path, Span span) {
  const Elsewhere elsewhere(elsewhere_);
  const Subject subject = subject_of(host);
  const Subject* outer = std::exchange(subject_, &subject);
  const HostPlan* outer_host = std::exchange(view->host, &host);
  ast::Path fact{{{{"host", span}, {}}}};
  fact.parts.insert(fact.parts.end(), path.parts.begin(), path.parts.end());
  Value value = is_fact_name(dotted(path, 0)) ? host_fact(fact, span) : setting(path, span);
  subject_ = outer;
  view->host = outer_host;
  return value;
}

Subject subject_of(const HostPlan& host) {
  return {host.facts.get(), host.name, host.groups, {host.name}, host.labels.get()};
}

}  // namespace tunec
