// `f(pool.cpus for pool)`: an expression's values over a collection. The collection may be the instances of a
// surface, a list in the facts (nodes, graphics cards), the host's settings, or, in a policy for the fleet,
// hosts. Among hosts that agree in everything that is read, one is evaluated.
#include <algorithm>
#include <unordered_map>

#include "machine/devices.h"
#include "plan/expr/parts.h"
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

// In a policy for interfaces, only the peers of the interface that it is evaluated for.
bool fits(const ScopeEntry& entry, const std::vector<const ScopeEntry*>& around) {
  const std::vector<ScopeEntry> nested = entry.nested();
  if (nested.size() < 2) return true;
  const auto outer = std::ranges::find(
      around, nested.back().name, [](const ScopeEntry* some) -> auto& { return some->name; });
  return outer == around.end() || (*outer)->stem == nested.back().stem;
}

// Nothing if `where` excludes it.
std::optional<Value> value_of_item(const ast::Argument& argument, const Scope& scope, Evaluation& run) {
  if (argument.where && condition(**argument.where, scope, run) != true) return std::nullopt;
  return evaluate(*argument.value, scope, run);
}

// Hosts of a class without own settings are evaluated once if they agree in the facts that the expression
// reads.
Value for_each_host(const ast::Argument& argument, const Scope& scope, Evaluation& run) {
  std::vector<Value> values;
  FactNumbers numbers;
  std::unordered_map<std::size_t, SharedResults<std::optional<Value>>> by_class;
  Scope there = scope;
  there.is_elsewhere = true;
  for (const HostPlan* plan : scope.view->hosts) {
    const EvaluatedHost host = evaluated(*plan);
    auto& results = by_class.try_emplace(plan->host_class, numbers).first->second;
    if (const auto* shared = plan->own.empty() ? results.find(host.record()) : nullptr) {
      if (*shared) values.push_back(**shared);
      continue;
    }
    there.host = &host;
    there.plan = plan;
    FactReads reads = std::exchange(run.trace.reads, {});
    auto value = value_of_item(argument, there, run);
    if (plan->own.empty()) results.add(run.trace.reads, host.record(), value);
    run.trace.reads.merge(reads);
    if (value) values.push_back(std::move(*value));
  }
  return list_of(std::move(values));
}

Value value_of_host(const HostPlan& plan, const ast::Path& path, Span span, const Scope& scope,
                    Evaluation& run) {
  const EvaluatedHost host = evaluated(plan);
  Scope there = scope;
  there.host = &host;
  there.plan = &plan;
  there.is_elsewhere = true;
  ast::Path fact{{{{"host", span}, {}}}};
  fact.parts.insert(fact.parts.end(), path.parts.begin(), path.parts.end());
  return is_fact_name(dotted(path, 0)) ? host_fact(fact, span, there, run)
                                       : setting_value(path, span, there, run);
}

}  // namespace

std::vector<ScopeEntry> entries_of(std::string_view collection, const HostPlan& host, FactReads& reads) {
  std::vector<ScopeEntry> entries;
  if (collection == "setting") {
    for (const Setting* setting : host.settings) {
      if (!is_number(*setting))
        entries.push_back({"setting", setting->name, std::nullopt, setting, nullptr, {}});
    }
  } else if (!item_fields(collection).empty()) {
    for (MachineItem& item : RecordedFacts(evaluated(host).record(), reads).items(collection))
      entries.push_back({std::string(collection), std::move(item.name), item.index, nullptr, nullptr, {}});
  } else {
    // Settings are sorted by name, so those of one surface are neighbours.
    const std::string open = std::string(collection) + "(", first = open + ").", second = "()." + first;
    const auto by_name = [](const Setting* setting) { return std::string_view(setting->name); };
    auto from = std::ranges::lower_bound(host.settings, std::string_view(open), {}, by_name),
         to = host.settings.end();
    const bool is_outer = from != to && (*from)->name.starts_with(open);
    if (!is_outer) from = host.settings.begin();  // the collection may be within another instance: `peer`
    for (const Setting* setting : std::ranges::subrange(from, to)) {
      if (is_outer && !setting->name.starts_with(open)) break;
      if (setting->instances.empty()) continue;
      const std::string& param = setting->param->name;
      const bool outer = param.starts_with(first);
      if (!outer && (setting->instances.size() < 2 || param.find(second) != param.find("()."))) continue;
      // Settings of one instance are neighbours, and their names begin with its stem.
      const std::string& name = setting->name;
      if (!entries.empty() && name.starts_with(entries.back().stem) &&
          name[entries.back().stem.size()] == '.')
        continue;
      std::string stem = fmt::format("{}({})", std::string_view(param).substr(0, param.find('(')),
                                     setting->instances.front());
      if (!outer) stem += fmt::format(".{}({})", collection, setting->instances[1]);
      entries.push_back({std::string(collection), setting->instances[outer ? 0 : 1], std::nullopt, nullptr,
                         nullptr, std::move(stem)});
    }
  }
  return entries;
}

std::vector<ScopeEntry> entries_of(std::string_view collection, const HostPlan& host) {
  FactReads reads;
  return entries_of(collection, host, reads);
}

std::vector<ScopeEntry> ScopeEntry::nested() const {
  std::vector<ScopeEntry> entries{*this};
  if (const std::size_t end = stem.rfind(")." + name + "("); end != std::string::npos) {
    const std::size_t open = stem.find('(');
    entries.push_back({stem.substr(0, open), stem.substr(open + 1, end - open - 1), std::nullopt, nullptr,
                       nullptr, stem.substr(0, end + 1)});
  }
  return entries;
}

Value for_each(const ast::Argument& argument, const Scope& scope, Evaluation& run) {
  if (scope.view == nullptr) return {Poison{}};
  const bool of_hosts = argument.each->text == "host";
  // The binder has reported it
  if (of_hosts ? scope.view->hosts.empty() : scope.plan == nullptr) return {Poison{}};
  if (of_hosts) return for_each_host(argument, scope, run);
  std::vector<Value> values;
  Scope inner = scope;
  inner.is_elsewhere = true;
  inner.entries.insert(inner.entries.begin(), nullptr);  // the innermost entry is found first
  for (const ScopeEntry& entry : entries_of(argument.each->text, *scope.plan, run.trace.reads)) {
    if (!fits(entry, scope.entries)) continue;
    inner.entries.front() = &entry;
    if (auto value = value_of_item(argument, inner, run)) values.push_back(std::move(*value));
  }
  return list_of(std::move(values));
}

// A path whose first word is the name of the entry.
Value value_in_entry(const ScopeEntry& entry, const ast::Path& path, Span span, const Scope& scope,
                     Evaluation& run) {
  if (entry.host != nullptr) return value_of_host(*entry.host, without_first(path), span, scope, run);
  const std::string field = dotted(path, 1);
  if (entry.setting != nullptr) {
    run.trace.looked_at.push_back(entry.setting);
    return setting_field(*entry.setting, *scope.host->facts->platform, field).value_or(Value{Poison{}});
  }
  return facts_of(scope, run).item(entry.name, *entry.item, field).value_or(Value{Poison{}});
}

EvaluatedHost evaluated(const HostPlan& host) {
  return {host.facts.get(), host.name, host.groups, {host.name}, host.labels.get()};
}

}  // namespace tunec
