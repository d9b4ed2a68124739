// Files of the site's Prometheus: the exporters of all hosts as targets (file_sd), and their alerts as rules.
// Hosts that define an alert alike share one rule. A rule that some hosts lack is limited to those that have
// it by their `host` label.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "render/backend.h"
#include "render/instances.h"
#include "render/spell.h"

namespace tunec {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view surfaces[] = {"prometheus"};
constexpr Need needs[] = {{"alert.", "an alert needs `expr`"}, {"exporter.", "an exporter needs `port`"}};

// The quoting is also valid for a YAML string in double quotes.
std::string quote(const Json& text) { return text.dump(-1, ' ', false, Json::error_handler_t::replace); }

// The host's exporters or alerts that have everything they need, by name.
std::map<std::string, Settings> complete(const HostView& host, std::string_view needed) {
  const std::string_view kind = needed.substr(0, needed.find('.'));
  Settings settings;
  std::ranges::copy_if(host.settings, std::back_inserter(settings), [kind](const Setting* setting) {
    return setting->key == kind || (setting->key.starts_with(kind) && setting->key[kind.size()] == '.');
  });
  std::map<std::string, Settings> blocks = by_instance(settings);
  std::erase_if(blocks, [&](const auto& block) { return find_key(block.second, needed) == nullptr; });
  return blocks;
}

struct Target {
  std::string job;
  std::string_view host;
  Settings settings;
};

std::string target_text(const Target& target) {
  Json labels = {{"job", target.job}, {"host", target.host}};
  if (const Setting* path = find_key(target.settings, "exporter.path"))
    labels["__metrics_path__"] = spell(*path);
  const std::string address = fmt::format("{}:{}", target.host,
                                          spell(*find_key(target.settings, "exporter")));
  return fmt::format("{{\"targets\": [{}], \"labels\": {}}}", quote(address), quote(labels));
}

// One line for each exporter of each host, by job: if a host comes or goes, so does its line.
void write_targets(std::span<const FleetHost> fleet, FleetOutput& out) {
  std::vector<Target> targets;
  for (const FleetHost& host : fleet) {
    for (auto& [job, settings] : complete(host.view, "exporter"))
      targets.push_back({job, host.name, std::move(settings)});
  }
  if (targets.empty()) return;
  std::ranges::stable_sort(targets, {},
                           [](const Target& target) { return std::tie(target.job, target.host); });
  File& file = out.site().file("site/prometheus/targets.json");
  file.plain("[");
  for (const Target& target : targets) {
    file.joined(target.settings,
                fmt::format("  {}{}", target_text(target), &target == &targets.back() ? "" : ","));
  }
  file.plain("]");
}

// One definition of an alert, and the hosts that have it.
struct Rule {
  std::string name;
  // From each class of hosts with this definition. They are equal, so the first is spelt
  std::vector<Settings> origins;
  std::vector<std::string> hosts;  // by name

  const Setting* find(std::string_view key) const { return find_key(origins.front(), key); }
  std::string text(std::string_view key) const {
    const Setting* setting = find(key);
    return setting == nullptr ? std::string() : spell(*setting);
  }
  // The setting of that key from every origin; without a key, all settings.
  Settings settings(std::string_view key = {}) const {
    Settings result;
    std::set<const Setting*> seen;
    for (const Settings& origin : origins) {
      std::ranges::copy_if(origin, std::back_inserter(result), [&](const Setting* setting) {
        return (key.empty() || setting->key == key) && seen.insert(setting).second;
      });
    }
    return result;
  }
};

using Definition = std::vector<std::string>;

Definition definition(const std::string& name, const Settings& settings) {
  Definition result{name};
  for (const Setting* setting : settings)
    result.push_back(fmt::format("{}={}", setting->key, spell(*setting)));
  return result;
}

// Hosts of one class share their settings, so each definition is spelt once for each class.
std::vector<Rule> rules_of(std::span<const FleetHost> fleet) {
  std::map<Settings, std::size_t> by_settings;
  std::map<Definition, std::size_t> by_definition;
  std::vector<Rule> rules;
  for (const FleetHost& host : fleet) {
    for (const auto& [name, settings] : complete(host.view, "alert.expr")) {
      const auto [entry, is_new] = by_settings.try_emplace(settings, 0);
      if (is_new) {
        entry->second = by_definition.try_emplace(definition(name, settings), rules.size()).first->second;
        if (entry->second == rules.size()) rules.push_back({.name = name, .origins = {}, .hosts = {}});
        rules[entry->second].origins.push_back(settings);
      }
      rules[entry->second].hosts.emplace_back(host.name);
    }
  }
  std::ranges::sort(rules, {}, [](const Rule& rule) { return std::tie(rule.name, rule.hosts); });
  return rules;
}

// A regular expression for exactly these names. It uses [.], since a backslash would have to survive two
// quotings.
std::string any_of(const std::vector<std::string>& hosts) {
  std::string result;
  for (const std::string& host : hosts) {
    if (!result.empty()) result += '|';
    for (const char c : host) result += c == '.' ? std::string("[.]") : std::string(1, c);
  }
  return result;
}

void write_labels(const Rule& rule, bool ambiguous, File& file) {
  const Setting* severity = rule.find("alert.severity");
  if (severity == nullptr && !ambiguous) return;
  file.plain("        labels:");
  if (severity != nullptr)
    file.joined(rule.settings(severity->key), fmt::format("          severity: {}", quote(spell(*severity))));
  // Prometheus rejects two rules of one name with the same labels as duplicates.
  if (ambiguous) file.plain(fmt::format("          variant: {}", quote(rule.hosts.front())));
}

void write_annotations(const Rule& rule, File& file) {
  bool first = true;
  for (const std::string_view key : {"alert.summary", "alert.description"}) {
    const Setting* setting = rule.find(key);
    if (setting == nullptr) continue;
    if (std::exchange(first, false)) file.plain("        annotations:");
    file.joined(rule.settings(key),
                fmt::format("          {}: {}", key.substr(key.find('.') + 1), quote(spell(*setting))));
  }
}

void write_rule(const Rule& rule, bool everywhere, bool ambiguous, File& file) {
  file.joined(rule.settings(), fmt::format("      - alert: {}", quote(rule.name)));
  std::string expr = rule.text("alert.expr");
  if (!everywhere) expr = fmt::format("({}) and on (host) up{{host=~\"{}\"}}", expr, any_of(rule.hosts));
  file.joined(rule.settings("alert.expr"), fmt::format("        expr: {}", quote(expr)));
  if (const Setting* wait = rule.find("alert.for"))
    file.joined(rule.settings(wait->key), fmt::format("        for: {}{}", spell(*wait), wait->param->unit));
  write_labels(rule, ambiguous, file);
  write_annotations(rule, file);
}

void write_rules(std::span<const FleetHost> fleet, FleetOutput& out) {
  const std::vector<Rule> rules = rules_of(fleet);
  if (rules.empty()) return;
  std::map<std::pair<std::string, std::string>, int> variants;
  for (const Rule& rule : rules) ++variants[{rule.name, rule.text("alert.severity")}];
  File& file = out.site().file("site/prometheus/rules.yml");
  file.plain(fmt::format("# {}", written_by));
  file.plain("groups:");
  file.plain("  - name: tunec");
  file.plain("    rules:");
  for (const Rule& rule : rules) {
    const bool ambiguous = variants[{rule.name, rule.text("alert.severity")}] > 1;
    write_rule(rule, rule.hosts.size() == fleet.size(), ambiguous, file);
  }
}

void emit(std::span<const FleetHost> fleet, FleetOutput& out) {
  write_targets(fleet, out);
  write_rules(fleet, out);
}

}  // namespace

extern const FleetBackend backend_prometheus{
    .name = "prometheus",
    .summary = "scrape targets and alerting rules of the whole site",
    .surfaces = surfaces,
    .needs = needs,
    .emit = emit,
};

}  // namespace tunec
