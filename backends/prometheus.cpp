// Files of the site's Prometheus: the hosts' exporters as targets (file_sd), and the hosts' alerts as rules.
// An alert that is the same everywhere is one rule; one that only some hosts have is held to those by their
// `host` label.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "render/backend.h"
#include "render/spell.h"

namespace tunec {
namespace {

using Json = nlohmann::ordered_json;
using Settings = std::vector<const Setting*>;
using ByInstance = std::map<std::string, Settings>;

constexpr std::string_view surfaces[] = {"prometheus"};

// Also a YAML string in double quotes.
std::string quote(const Json& text) { return text.dump(-1, ' ', false, Json::error_handler_t::replace); }

const Setting* find(const Settings& settings, std::string_view key) {
  const auto found = std::ranges::find(settings, key, &Setting::key);
  return found == settings.end() ? nullptr : *found;
}

ByInstance by_instance(const HostView& host, std::string_view kind) {
  ByInstance result;
  for (const Setting* setting : host.settings) {
    const bool ours = setting->key == kind ||
                      (setting->key.starts_with(kind) && setting->key[kind.size()] == '.');
    if (ours && !setting->instances.empty()) result[setting->instances[0]].push_back(setting);
  }
  return result;
}

struct Target {
  std::string job, host;
  Settings settings;
};

std::string target_text(const Target& target) {
  Json labels = {{"job", target.job}, {"host", target.host}};
  if (const Setting* path = find(target.settings, "exporter.path")) labels["__metrics_path__"] = spell(*path);
  const std::string address = fmt::format("{}:{}", target.host, spell(*find(target.settings, "exporter")));
  return fmt::format("{{\"targets\": [{}], \"labels\": {}}}", quote(address), quote(labels));
}

// One line for each exporter of each host, by job: a host that comes or goes is a line that does.
void write_targets(std::span<const FleetHost> fleet, FleetOutput& out) {
  std::vector<Target> targets;
  for (const FleetHost& host : fleet) {
    for (auto& [job, settings] : by_instance(host.view, "exporter")) {
      if (find(settings, "exporter") != nullptr)
        targets.push_back({job, host.host.name, std::move(settings)});
    }
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

// One definition of an alert, and who has it.
struct Rule {
  std::string name;
  std::vector<Settings> origins;   // each place that says the same, the first of which is spelled
  std::vector<std::string> hosts;  // by name

  const Setting* find(std::string_view key) const { return tunec::find(origins.front(), key); }
  std::string text(std::string_view key) const {
    const Setting* setting = find(key);
    return setting == nullptr ? std::string() : spell(*setting);
  }
  // Where a field comes from: of every origin the setting with its key.
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

std::vector<std::string> definition(const std::string& name, const Settings& settings) {
  std::vector<std::string> result{name};
  for (const Setting* setting : settings)
    result.push_back(fmt::format("{}={}", setting->key, spell(*setting)));
  return result;
}

// Hosts of one class share their settings, so each definition is spelled once for a class.
std::vector<Rule> rules_of(std::span<const FleetHost> fleet) {
  std::map<Settings, std::size_t> known;
  std::map<std::vector<std::string>, std::size_t> same;
  std::vector<Rule> rules;
  for (const FleetHost& host : fleet) {
    for (const auto& [name, settings] : by_instance(host.view, "alert")) {
      if (find(settings, "alert.expr") == nullptr) continue;
      const auto [seen, first] = known.try_emplace(settings, 0);
      if (first) {
        seen->second = same.try_emplace(definition(name, settings), rules.size()).first->second;
        if (seen->second == rules.size()) rules.push_back({.name = name, .origins = {}, .hosts = {}});
        rules[seen->second].origins.push_back(settings);
      }
      rules[seen->second].hosts.push_back(host.host.name);
    }
  }
  std::ranges::sort(rules, {}, [](const Rule& rule) { return std::tie(rule.name, rule.hosts); });
  return rules;
}

// A regular expression for exactly these names; [.] since a backslash would have to survive two quotings.
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
  // Prometheus takes two rules of one name and the same labels for one rule twice.
  if (ambiguous) file.plain(fmt::format("          variant: {}", quote(rule.hosts.front())));
}

void write_rule(const Rule& rule, bool everywhere, bool ambiguous, File& file) {
  file.joined(rule.settings(), fmt::format("      - alert: {}", quote(rule.name)));
  std::string expr = rule.text("alert.expr");
  if (!everywhere) expr = fmt::format("({}) and on (host) up{{host=~\"{}\"}}", expr, any_of(rule.hosts));
  file.joined(rule.settings("alert.expr"), fmt::format("        expr: {}", quote(expr)));
  if (const Setting* wait = rule.find("alert.for")) {
    file.joined(rule.settings(wait->key), fmt::format("        for: {}{}", spell(*wait), wait->param->unit));
  }
  write_labels(rule, ambiguous, file);
  bool first = true;
  for (const std::string_view key : {"alert.summary", "alert.description"}) {
    const Setting* setting = rule.find(key);
    if (setting == nullptr) continue;
    if (std::exchange(first, false)) file.plain("        annotations:");
    file.joined(rule.settings(key),
                fmt::format("          {}: {}", key.substr(key.find('.') + 1), quote(spell(*setting))));
  }
}

void write_rules(std::span<const FleetHost> fleet, FleetOutput& out) {
  const std::vector<Rule> rules = rules_of(fleet);
  if (rules.empty()) return;
  std::map<std::pair<std::string, std::string>, int> alike;
  for (const Rule& rule : rules) ++alike[{rule.name, rule.text("alert.severity")}];
  File& file = out.site().file("site/prometheus/rules.yml");
  file.plain(fmt::format("# {}", written_by));
  file.plain("groups:");
  file.plain("  - name: tunec");
  file.plain("    rules:");
  for (const Rule& rule : rules) {
    write_rule(rule, rule.hosts.size() == fleet.size(), alike[{rule.name, rule.text("alert.severity")}] > 1,
               file);
  }
}

void emit_fleet(std::span<const FleetHost> fleet, FleetOutput& out) {
  write_targets(fleet, out);
  write_rules(fleet, out);
}

}  // namespace

extern const Backend backend_prometheus{
    .name = "prometheus",
    .summary = "scrape targets and alerting rules of the whole site",
    .surfaces = surfaces,
    .on_by_default = true,
    .emit = nullptr,
    .emit_fleet = emit_fleet,
};

}  // namespace tunec
