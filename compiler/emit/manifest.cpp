// The text is what nlohmann::ordered_json::dump(2) would give for the whole (a test holds us to that); building the
// whole as JSON values takes ten times as long as joining what is known of its parts.
#include "emit/manifest.h"

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

namespace tunec {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 4> effect_names = {"live", "reload", "restart", "reboot"};
std::string_view name_of(Effect effect) { return effect_names[static_cast<std::size_t>(effect)]; }

// Names come from sources, which are UTF-8; a manifest is better with a replacement character than not there at all.
std::string dumped(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace); }

// Nearly all we write needs no escapes, and then this is far cheaper than a JSON value.
std::string json_string(std::string_view text) {
  const bool plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F && c != '"' && c != '\\'; });
  if (plain) return fmt::format("\"{}\"", text);
  return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string indented(std::string_view json, std::string_view by) {
  std::string result(by);
  for (const char c : json) {
    result += c;
    if (c == '\n') result += by;
  }
  return result;
}

using NamesByEffect = std::array<std::set<std::string_view>, 4>;

// Of an artifact's lines, or of steps: those carry settings too where no file can.
template <class Parts>
NamesByEffect names_by_effect(const Parts& parts) {
  NamesByEffect names;
  for (const auto& part : parts) {
    for (const Setting* setting : part.settings) names[static_cast<std::size_t>(setting->param->effect)].insert(setting->name);
  }
  return names;
}

std::vector<std::string> json_strings(const NamesByEffect& names, Effect effect) {
  std::vector<std::string> result;
  for (const std::string_view name : names[static_cast<std::size_t>(effect)]) result.push_back(json_string(name));
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
    needs += fmt::format("{}\n        {{\n          \"effect\": \"{}\",\n          \"for\": [\n            {}\n          ]\n        }}",
                         needs.empty() ? "" : ",", name_of(effect), fmt::join(strings, ",\n            "));
  }
  std::string json = fmt::format(
      "    {{\n      \"path\": {},\n      \"mode\": \"{:04o}\",\n      \"sha256\": \"{}\",\n      \"size\": {},\n"
      "      \"effect\": \"{}\",\n      \"needs\": [{}{}]\n    }}",
      json_string(artifact.path), artifact.mode, sha256_hex(artifact.content), artifact.content.size(),
      name_of(artifact.effect), needs, needs.empty() ? "" : "\n      ");
  return {std::move(json), json_strings(names, Effect::restart), json_strings(names, Effect::reboot)};
}

ManifestEntry entry_of(const std::vector<Step>& steps) {
  Json plan = Json::array();
  for (const Step& step : steps) {
    plan.push_back({{"effect", name_of(step.effect)}, {"command", step.command}, {"why", step.why}});
  }
  const NamesByEffect names = names_by_effect(steps);
  return {indented(dumped(plan), "  ").substr(2), json_strings(names, Effect::restart), json_strings(names, Effect::reboot)};
}

}  // namespace

std::string sha256_hex(std::string_view content) {
  // Looked up once: OpenSSL 3 takes longer to find the algorithm than to hash a small file.
  static const std::unique_ptr<EVP_MD, void (*)(EVP_MD*)> algorithm(EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (!algorithm || EVP_Digest(content.data(), content.size(), digest.data(), &length, algorithm.get(), nullptr) != 1) {
    throw std::runtime_error("libcrypto has no SHA-256");  // a broken installation, nothing a user wrote
  }
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < length; ++i) {
    text += digits[digest[i] >> 4U];
    text += digits[digest[i] & 15U];
  }
  return text;
}

void Manifests::prepare(const RenderedFleet& fleet) {
  const auto add = [this](const auto& part) {
    if (part.use_count() < 2) return;
    const auto [known, made] = shared_.try_emplace(part.get());
    if (made) known->second = entry_of(*part);
  };
  for (const RenderedHost& host : fleet.hosts) {
    for (const auto& artifact : host.artifacts) add(artifact);
    if (host.steps) add(host.steps);
  }
}

std::string Manifests::manifest(const RenderedHost& host) const {
  static const std::vector<Step> none;
  std::deque<ManifestEntry> own;  // whose strings are pointed to until the end
  const auto entry = [&](const auto& part) -> const ManifestEntry& {
    const auto known = shared_.find(&part);
    return known != shared_.end() ? known->second : own.emplace_back(entry_of(part));
  };
  std::string text = fmt::format("{{\n  \"host\": {},\n  \"platform\": {},\n  \"tunec\": {},\n  \"files\": [", json_string(host.name),
                                 json_string(host.platform), json_string(version_));
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
