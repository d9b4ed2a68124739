// What the services that host repositories show beside a change.
#include <nlohmann/json.hpp>

#include "driver/present/findings/findings.h"
#include "driver/present/junit.h"

namespace tunec {
namespace {

// docs.github.com, "Workflow commands": these characters end a message, or a property.
std::string escaped(std::string_view text, bool is_property) {
  std::string safe;
  for (const char c : text) {
    if (c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ',')))
      safe += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else safe += c;
  }
  return safe;
}

std::string with_help(const Diagnostic& diagnostic) {
  std::string text = diagnostic.message;
  if (!diagnostic.at.empty()) text += fmt::format("\n{}", diagnostic.at);
  for (const std::string& help : diagnostic.help) text += fmt::format("\nhelp: {}", help);
  if (diagnostic.help.empty() && !diagnostic.info->help.empty())
    text += fmt::format("\nhelp: {}", diagnostic.info->help);
  return text;
}

}  // namespace

std::string findings_github(const SiteFindings& site) {
  std::string text;
  for (const Diagnostic& diagnostic : site.diagnostics) {
    const std::string_view command = diagnostic.severity == Severity::note
                                         ? "notice"
                                         : severity_name(diagnostic.severity);
    std::string place;
    if (const auto at = place_of(diagnostic.where, *site.sources))
      place = fmt::format("file={},line={},endLine={},col={},endColumn={},", escaped(at->path, true),
                          at->begin.line, at->end.line, at->begin.column, at->end.column);
    text += fmt::format("::{} {}title={}::{}\n", command, place, diagnostic.info->code,
                        escaped(with_help(diagnostic), false));
  }
  return text;
}

std::string findings_gitlab(const std::vector<SiteFindings>& sites) {
  using Json = nlohmann::ordered_json;
  constexpr const char* severities[] = {"info", "minor", "major"};
  Json all = Json::array();
  for (const SiteFindings& site : sites) {
    const std::vector<std::string> prints = fingerprints_of(site);
    for (std::size_t i = 0; i < site.diagnostics.size(); ++i) {
      const Diagnostic& diagnostic = site.diagnostics[i];
      const auto place = place_of(diagnostic.where, *site.sources);
      all.push_back({{"description", diagnostic.message},
                     {"check_name", std::string(diagnostic.info->code)},
                     {"fingerprint", prints[i]},
                     {"severity", severities[static_cast<std::size_t>(diagnostic.severity)]},
                     {"location",
                      {{"path", place ? place->path : site.site},
                       {"lines", {{"begin", place ? place->begin.line : 1}}}}}});
    }
  }
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string findings_junit(const std::vector<SiteFindings>& sites) {
  std::vector<JunitCase> cases;
  for (const SiteFindings& site : sites) {
    bool fails = false;
    for (const Diagnostic& diagnostic : site.diagnostics) {
      if (diagnostic.severity != Severity::error && !terminal_options().strict) continue;
      fails = true;
      const auto place = place_of(diagnostic.where, *site.sources);
      cases.push_back({fmt::format("{} {}", diagnostic.info->code, diagnostic.message), site.site,
                       place ? place->begin.line : 0, diagnostic.message,
                       render_text(diagnostic, *site.sources, {}), false});
    }
    if (!fails) cases.push_back({"check", site.site, 0, "", "", false});
  }
  return junit(cases);
}

}  // namespace tunec
