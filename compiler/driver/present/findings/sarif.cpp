// SARIF 2.1.0 (OASIS), which GitHub's code scanning and other dashboards read.
#include <nlohmann/json.hpp>

#include "diagnostics/fixes.h"
#include "driver/present/findings/findings.h"

namespace tunec {
namespace {

using Json = nlohmann::ordered_json;

std::string_view level(Severity severity) { return severity_name(severity); }  // SARIF's words are ours

// RFC 3986: every character besides letters, digits and these is written as %XX.
std::string uri(std::string_view path) {
  std::string text;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("-._~/").find(c) != std::string_view::npos) text += c;
    else text += fmt::format("%{:02X}", byte);
  }
  return text;
}

Json artifact(const FindingPlace& place) {
  Json artifact{{"uri", uri(place.path)}};
  if (!place.path.starts_with('/')) artifact["uriBaseId"] = "%SRCROOT%";
  return artifact;
}

Json region(const FindingPlace& place) {
  return {{"startLine", place.begin.line},
          {"startColumn", place.begin.column},
          {"endLine", place.end.line},
          {"endColumn", place.end.column}};
}

Json location(const FindingPlace& place) {
  return {{"physicalLocation", {{"artifactLocation", artifact(place)}, {"region", region(place)}}}};
}

// One change for each file.
Json changes(const Fix& fix, const Sources& sources) {
  Json changes = Json::array();
  std::optional<FileId> file;
  for (const Edit& edit : fix.edits) {
    const auto place = place_of(edit.where, sources);
    if (!place) return Json::array();
    if (file != edit.where.file)
      changes.push_back({{"artifactLocation", artifact(*place)}, {"replacements", Json::array()}});
    file = edit.where.file;
    Json replacement{{"deletedRegion", region(*place)}};
    if (!edit.text.empty()) replacement["insertedContent"] = {{"text", edit.text}};
    changes.back()["replacements"].push_back(std::move(replacement));
  }
  return changes;
}

Json fixes(const Diagnostic& diagnostic, const Sources& sources) {
  Json all = Json::array();
  for (const Fix& fix : fixes_of(diagnostic, sources)) {
    Json made = changes(fix, sources);
    if (made.empty()) continue;
    all.push_back({{"description", {{"text", fix.what}}}, {"artifactChanges", std::move(made)}});
  }
  return all;
}

// "ValueOutOfRange"
std::string rule_name(std::string_view name) {
  std::string text;
  bool capital = true;
  for (const char c : name) {
    if (c == '_') {
      capital = true;
      continue;
    }
    text += capital ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    capital = false;
  }
  return text;
}

// "a value is out of range": the heading of the page that `tunec explain` shows.
std::string title(const DiagInfo& info, const Library& library) {
  const auto pages = library.under(fmt::format("tests/cases/diagnostics/{}-", info.code));
  const std::string heading = fmt::format("# {}: ", info.code);
  if (pages.empty() || !pages.front()->text.starts_with(heading)) return rule_name(info.name);
  const std::string_view rest = std::string_view(pages.front()->text).substr(heading.size());
  return std::string(rest.substr(0, rest.find('\n')));
}

Json rule(const DiagInfo& info, const Library* library) {
  const std::string how = fmt::format("tunec explain {}", info.code);
  return {{"id", std::string(info.code)},
          {"name", rule_name(info.name)},
          {"shortDescription", {{"text", library == nullptr ? rule_name(info.name) : title(info, *library)}}},
          {"help", {{"text", how}, {"markdown", fmt::format("`{}`", how)}}},
          {"helpUri", fmt::format("tunec:explain/{}", info.code)},
          {"defaultConfiguration", {{"level", level(info.severity)}}}};
}

Json result(const Diagnostic& diagnostic, const Sources& sources, const std::string& fingerprint,
            std::size_t index) {
  std::string text = diagnostic.message;
  for (const std::string& help : diagnostic.help) text += "\n" + help;
  Json json{{"ruleId", std::string(diagnostic.info->code)},
            {"ruleIndex", index},
            {"level", level(diagnostic.severity)},
            {"message", {{"text", text}}}};
  if (const auto place = place_of(diagnostic.where, sources))
    json["locations"] = Json::array({location(*place)});
  Json related = Json::array();
  for (const Label& label : diagnostic.labels) {
    const auto place = place_of(label.where, sources);
    if (!place) continue;
    Json other = location(*place);
    other["id"] = related.size() + 1;
    other["message"] = {{"text", label.text}};
    related.push_back(std::move(other));
  }
  if (!related.empty()) json["relatedLocations"] = std::move(related);
  if (Json all = fixes(diagnostic, sources); !all.empty()) json["fixes"] = std::move(all);
  json["partialFingerprints"] = {{"tunec/v1", fingerprint}};
  if (!diagnostic.hosts.empty()) json["properties"] = {{"hosts", diagnostic.hosts}};
  return json;
}

}  // namespace

std::string findings_sarif(const std::vector<SiteFindings>& sites) {
  const std::vector<const DiagInfo*>& rules = all_diagnostics();
  Json results = Json::array();
  for (const SiteFindings& site : sites) {
    const std::vector<std::string> prints = fingerprints_of(site);
    for (std::size_t i = 0; i < site.diagnostics.size(); ++i) {
      const Diagnostic& diagnostic = site.diagnostics[i];
      const auto index = std::ranges::find(rules, diagnostic.info) - rules.begin();
      results.push_back(result(diagnostic, *site.sources, prints[i], static_cast<std::size_t>(index)));
    }
  }
  Json all_rules = Json::array();
  for (const DiagInfo* info : rules)
    all_rules.push_back(rule(*info, sites.empty() ? nullptr : sites.front().library));
  const Json document{
      {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs", Json::array({{{"tool", {{"driver", {{"name", "tunec"}, {"rules", std::move(all_rules)}}}}},
                             {"columnKind", "unicodeCodePoints"},
                             {"results", std::move(results)}}})}};
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tunec
