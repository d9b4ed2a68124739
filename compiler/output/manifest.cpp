// The text is what nlohmann::ordered_json::dump(2) would give for the whole (a test holds us to that);
// building the whole as JSON values takes ten times as long as joining what is known of its parts.
#include "output/manifest.h"

#include <algorithm>
#include <array>
#include <deque>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tunec {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> effect_names = {"live", "reload", "restart", "reboot"};
std::string_view name_of(Effect effect) { return effect_names[static_cast<std::size_t>(effect)]; }

// Nearly all we write needs no escapes, and then this is far cheaper than a JSON value. Names come from
// sources, which are UTF-8; a manifest is better with a replacement character than not there at all.
std::string json_string(std::string_view text) {
  const bool plain = std::ranges::all_of(
      text, [](char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; });
  if (plain) return fmt::format("\"{}\"", text);
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

using NamesByEffect = std::array<std::set<std::string_view>, 4>;

// Of an artifact's lines, or of steps: those carry settings too where no file can.
template <class Parts>
NamesByEffect names_by_effect(const Parts& parts) {
  NamesByEffect names;
  for (const auto& part : parts) {
    for (const Setting* setting : part.settings)
      names[static_cast<std::size_t>(setting->param->effect)].insert(setting->name);
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

std::string elements(std::vector<std::string_view> items) {
  std::ranges::sort(items);
  const auto rest = std::ranges::unique(items);
  items.erase(rest.begin(), rest.end());
  if (items.empty()) return "[]";
  std::string text = "[\n    ";
  for (const std::string_view& item : items) {
    if (&item != items.data()) text += ",\n    ";
    text += item;
  }
  return text + "\n  ]";
}

ManifestEntry entry_of(const Artifact& artifact) {
  const NamesByEffect names = names_by_effect(artifact.lines);
  std::string needs;
  for (const Effect effect : {Effect::reload, Effect::restart, Effect::reboot}) {
    const std::vector<std::string> strings = json_strings(names, effect);
    if (strings.empty()) continue;
    needs += fmt::format(
        "{}\n        {{\n          \"effect\": \"{}\",\n          \"for\": [\n            {}\n          ]\n  "
        "      }}",
        needs.empty() ? "" : ",", name_of(effect), fmt::join(strings, ",\n            "));
  }
  std::string json = fmt::format(
      "    {{\n      \"path\": {},\n      \"mode\": \"{:04o}\",\n      \"sha256\": \"{}\",\n      \"size\": "
      "{},\n"
      "      \"effect\": \"{}\",\n      \"needs\": [{}{}]\n    }}",
      json_string(artifact.path), artifact.mode, sha256_hex(artifact.content), artifact.content.size(),
      name_of(artifact.effect), needs, needs.empty() ? "" : "\n      ");
  return {std::move(json),
          json_strings(names, Effect::restart),
          json_strings(names, Effect::reboot),
          fingerprint_of(artifact.content),
          {}};
}

ManifestEntry entry_of(const std::vector<Step>& steps) {
  std::string json;
  for (const Step& step : steps) {
    json += fmt::format(
        "{}    {{\n      \"effect\": \"{}\",\n      \"command\": {},\n      \"why\": {}\n    }}",
        json.empty() ? "\n" : ",\n", name_of(step.effect), json_string(step.command), json_string(step.why));
  }
  const NamesByEffect names = names_by_effect(steps);
  return {json.empty() ? "[]" : fmt::format("[{}\n  ]", json),
          json_strings(names, Effect::restart),
          json_strings(names, Effect::reboot),
          {},
          {}};
}

// Its lines say all of a file, but not which settings a command carries.
Fingerprint whole(const ManifestEntry& entry) {
  return fingerprint_of(
      fmt::format("{}\n{}\n{}", entry.json, fmt::join(entry.restart, ","), fmt::join(entry.reboot, ",")));
}

}  // namespace

void Manifests::prepare(const RenderedFleet& fleet) {
  const auto add = [this](const auto& part) {
    if (part.use_count() < 2) return;
    const auto [known, made] = shared_.try_emplace(part.get());
    if (!made) return;
    known->second = entry_of(*part);
    known->second.whole = whole(known->second);
  };
  for (const RenderedHost& host : fleet.hosts) {
    for (const auto& artifact : host.artifacts) add(artifact);
    if (host.steps) add(host.steps);
  }
}

Fingerprint Manifests::fingerprint(const Artifact& artifact) const {
  const auto known = shared_.find(&artifact);
  return known != shared_.end() ? known->second.content : fingerprint_of(artifact.content);
}

Fingerprint Manifests::fingerprint(const RenderedHost& host) const {
  const Fingerprint program = fingerprint_of_program();
  if (!program.known()) return {};
  std::string recipe = fmt::format("{:x}{:x}\n{}\n{}\n{}\n", program.bits[0], program.bits[1], host.name,
                                   host.platform, version_);
  const auto add = [&](const auto& part) {
    const auto known = shared_.find(&part);
    const Fingerprint print = known != shared_.end() ? known->second.whole : whole(entry_of(part));
    recipe.append(reinterpret_cast<const char*>(print.bits.data()), sizeof print.bits);
  };
  for (const auto& artifact : host.artifacts) add(*artifact);
  if (host.steps) add(*host.steps);
  return fingerprint_of(recipe);
}

std::string Manifests::manifest(const RenderedHost& host) const {
  static const std::vector<Step> none;
  std::deque<ManifestEntry> own;  // whose strings are pointed to until the end
  const auto entry = [&](const auto& part) -> const ManifestEntry& {
    const auto known = shared_.find(&part);
    return known != shared_.end() ? known->second : own.emplace_back(entry_of(part));
  };
  std::string text = fmt::format("{{\n  \"host\": {},\n  \"platform\": {},\n  \"tunec\": {},\n  \"files\": [",
                                 json_string(host.name), json_string(host.platform), json_string(version_));
  std::vector<std::string_view> restart, reboot;
  const auto needs = [&](const ManifestEntry& known) {
    restart.insert(restart.end(), known.restart.begin(), known.restart.end());
    reboot.insert(reboot.end(), known.reboot.begin(), known.reboot.end());
  };
  bool first = true;
  for (const auto& artifact : host.artifacts) {
    const ManifestEntry& known = entry(*artifact);
    text.append(first ? "\n" : ",\n").append(known.json);
    first = false;
    needs(known);
  }
  const ManifestEntry& plan = entry(host.steps ? *host.steps : none);
  needs(plan);
  text += first ? "]" : "\n  ]";
  text.append(",\n  \"reboot\": ").append(elements(std::move(reboot)));
  text.append(",\n  \"restart\": ").append(elements(std::move(restart)));
  text.append(",\n  \"apply\": ").append(plan.json);
  return text + "\n}\n";
}

}  // namespace tunec
