#include "output/manifest.h"

#include <algorithm>
#include <array>
#include <deque>
#include <set>

#include <fmt/format.h>

#include "catalogue/param_text.h"
#include "output/json_writer.h"
#include "output/manifest_settings.h"

namespace tunec {
namespace {

using NamesByEffect = std::array<std::set<std::string_view>, 4>;

// The settings of an artifact's lines, or of steps: steps carry settings that no file can carry. `strongest`:
// the strongest effect that the whole can need.
template <class Parts>
NamesByEffect names_by_effect(const Parts& parts, Effect strongest = Effect::reboot) {
  NamesByEffect names;
  for (const auto& part : parts) {
    for (const Setting* setting : part.settings)
      names[static_cast<std::size_t>(std::min(setting->param->effect, strongest))].insert(setting->name);
  }
  return names;
}

std::vector<std::string> json_strings(const NamesByEffect& names, Effect effect) {
  std::vector<std::string> result;
  for (const std::string_view name : names[static_cast<std::size_t>(effect)])
    result.push_back(json_string(name));
  std::ranges::sort(result);
  return result;
}

// Sorted, each once.
void write_strings(std::vector<std::string_view> strings, JsonWriter& json) {
  std::ranges::sort(strings);
  const auto rest = std::ranges::unique(strings);
  strings.erase(rest.begin(), rest.end());
  json.begin_array();
  for (const std::string_view string : strings) json.raw(string);
  json.end_array();
}

// The settings of a file that need a reload, a restart or a reboot: [{"effect": "reboot", "for": […]}, …].
void write_needs(const NamesByEffect& names, JsonWriter& json) {
  json.begin_array();
  for (const Effect effect : {Effect::reload, Effect::restart, Effect::reboot}) {
    const std::vector<std::string> strings = json_strings(names, effect);
    if (strings.empty()) continue;
    json.begin_object();
    json.key("effect"), json.string(effect_name(effect));
    json.key("for"), json.begin_array();
    for (const std::string& string : strings) json.raw(string);
    json.end_array();
    json.end_object();
  }
  json.end_array();
}

ManifestEntry entry_of(const Artifact& artifact, const std::vector<ReadBack>& reads) {
  const NamesByEffect names = names_by_effect(artifact.lines, artifact.effect);
  JsonWriter json(2);
  json.begin_object();
  json.key("path"), json.string(artifact.path);
  json.key("mode"), json.string(fmt::format("{:04o}", artifact.mode));
  json.key("effect"), json.string(effect_name(artifact.effect));
  json.key("needs"), write_needs(names, json);
  json.end_object();
  return {json.take(),
          json_strings(names, Effect::restart),
          json_strings(names, Effect::reboot),
          fingerprint_of(artifact.content),
          {},
          {},
          manifest_settings(artifact, reads)};
}

std::string notes_of(const std::vector<Step>& steps) {
  JsonWriter json(1);
  json.begin_array();
  for (const Step& step : steps) {
    if (step.command.empty()) json.string(step.why);
  }
  json.end_array();
  return json.take();
}

void write_restarts(const Step& step, JsonWriter& json) {
  if (step.unit.empty()) return;
  std::vector<std::string> units{json_string(step.unit)};
  for (const std::string& unit : step.instead) units.push_back(json_string(unit));
  json.key("restarts"), json.raw(fmt::format("[{}]", fmt::join(units, ", ")));
  if (step.leaves_processes) json.key("leaves_processes"), json.raw("true");
}

ManifestEntry entry_of(const std::vector<Step>& steps, const std::vector<ReadBack>& reads) {
  const NamesByEffect names = names_by_effect(steps);
  JsonWriter json(1);
  json.begin_array();
  for (const Step& step : steps) {
    if (step.command.empty()) continue;
    json.begin_object();
    json.key("effect"), json.string(effect_name(step.effect));
    json.key("command"), json.string(step.command);
    json.key("why"), json.string(step.why);
    if (step.how != Restart::none && step.how != Restart::if_running) {
      json.key("unit"), json.string(step.unit);
      if (step.how == Restart::at_boot_too) json.key("at_boot"), json.raw("true");
    }
    write_restarts(step, json);
    write_scope(step, reads, json);
    json.end_object();
  }
  json.end_array();
  return {json.take(),     json_strings(names, Effect::restart), json_strings(names, Effect::reboot), {}, {},
          notes_of(steps), manifest_settings(steps, reads)};
}

// The JSON contains all settings of a file, but not those that a command carries.
Fingerprint whole(const ManifestEntry& entry) {
  return fingerprint_of(fmt::format("{}\n{}\n{}\n{}\n{}", entry.json, fmt::join(entry.restart, ","),
                                    fmt::join(entry.reboot, ","), entry.notes, entry.settings));
}

}  // namespace

void Manifests::prepare(const RenderedFleet& fleet) {
  reads_ = fleet.reads;
  const auto add = [this](const auto& part) {
    if (part.use_count() < 2) return;
    const auto [entry, is_new] = shared_.try_emplace(part.get());
    if (!is_new) return;
    entry->second = entry_of(*part, reads_);
    entry->second.whole = whole(entry->second);
  };
  for (const RenderedHost& host : fleet.hosts) {
    for (const auto& artifact : host.artifacts) add(artifact);
    if (host.steps) add(host.steps);
    for (const HostCheckText& part : host.checks) {
      const auto [print, is_new] = of_checks_.try_emplace(part.get());
      if (is_new) print->second = fingerprint_of(*part);
    }
  }
}

Fingerprint Manifests::fingerprint(const Artifact& artifact) const {
  const auto shared = shared_.find(&artifact);
  return shared != shared_.end() ? shared->second.content : fingerprint_of(artifact.content);
}

Fingerprint Manifests::fingerprint(const RenderedHost& host) const {
  const Fingerprint program = fingerprint_of_program();
  if (!program.known()) return {};
  std::string recipe = fmt::format("{:x}{:x}\n{}\n{}\n{}\n", program.bits[0], program.bits[1], host.name,
                                   host.platform, version_);
  const auto add_print = [&](const Fingerprint& print) {
    recipe.append(reinterpret_cast<const char*>(print.bits.data()), sizeof print.bits);
  };
  const auto add = [&](const auto& part) {
    const auto shared = shared_.find(&part);
    add_print(shared != shared_.end() ? shared->second.whole : whole(entry_of(part, reads_)));
  };
  for (const auto& artifact : host.artifacts) add(*artifact);
  if (host.steps) add(*host.steps);
  for (const HostCheckText& part : host.checks) add_print(of_checks_.at(part.get()));
  return fingerprint_of(recipe);
}

std::string Manifests::manifest(const RenderedHost& host) const {
  static const std::vector<Step> none;
  std::deque<ManifestEntry> own;  // the views below point into it
  const auto entry = [&](const auto& part) -> const ManifestEntry& {
    const auto shared = shared_.find(&part);
    return shared != shared_.end() ? shared->second : own.emplace_back(entry_of(part, reads_));
  };
  std::vector<std::string_view> restart, reboot, settings;
  const auto add_needs = [&](const ManifestEntry& part) {
    restart.insert(restart.end(), part.restart.begin(), part.restart.end());
    reboot.insert(reboot.end(), part.reboot.begin(), part.reboot.end());
    if (!part.settings.empty()) settings.push_back(part.settings);
  };
  JsonWriter json;
  json.begin_object();
  json.key("schema"), json.string(manifest_schema);
  json.key("host"), json.string(host.name);
  json.key("platform"), json.string(host.platform);
  json.key("tunec"), json.string(version_);
  json.key("files"), json.begin_array();
  for (const auto& artifact : host.artifacts) {
    const ManifestEntry& file = entry(*artifact);
    json.raw(file.json);
    add_needs(file);
  }
  json.end_array();
  const ManifestEntry& apply = entry(host.steps ? *host.steps : none);
  add_needs(apply);
  json.key("reboot"), write_strings(std::move(reboot), json);
  json.key("restart"), write_strings(std::move(restart), json);
  json.key("apply"), json.raw(apply.json);
  json.key("notes"), json.raw(apply.notes);
  json.key("settings"), json.raw(join_settings(settings));
  std::vector<std::string_view> checks;
  for (const HostCheckText& part : host.checks) {
    if (!part->empty()) checks.push_back(*part);
  }
  json.key("checks"), json.raw(join_settings(checks));
  json.end_object();
  return json.take() + '\n';
}

}  // namespace tunec
