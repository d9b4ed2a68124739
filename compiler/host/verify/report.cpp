#include "host/verify/report.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tunec::host {
namespace {

using Json = nlohmann::ordered_json;

// What a machine or a capture has shown goes to terminals: without what steers them, and not at any length.
std::string on_one_line(std::string text) {
  constexpr std::size_t longest = 400;
  if (text.size() > longest) text.replace(longest, text.npos, "…");
  std::ranges::replace_if(
      text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, ' ');
  return text;
}

// "expected 10, found 60; why".
std::string reason_of(const Finding& finding) {
  std::string text;
  if (!finding.expected.empty()) text = fmt::format("expected {}", on_one_line(finding.expected));
  if (!finding.found.empty())
    text += fmt::format("{}found {}", text.empty() ? "" : ", ", on_one_line(finding.found));
  if (!finding.note.empty()) text += fmt::format("{}{}", text.empty() ? "" : "; ", finding.note);
  return text;
}

std::string xml(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default: result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return result;
}

}  // namespace

std::string line_of(const Finding& finding) {
  std::string text = fmt::format("{:<17} {}", status_name(finding.status), finding.name);
  if (const std::string reason = reason_of(finding); !reason.empty()) text += "  " + reason;
  if (!finding.where.empty()) text += "    " + finding.where;
  return text + "\n";
}

std::string summary_of(const std::vector<Finding>& findings) {
  const auto nothing = std::ranges::count_if(findings, is_nothing);
  const auto fine = std::ranges::count_if(findings, is_fine) - nothing;
  return fmt::format("{} of {} files, values and checks are as wanted", fine,
                     static_cast<std::ptrdiff_t>(findings.size()) - nothing);
}

std::string table_of(const Verified& verified) {
  std::string text;
  for (const Finding& finding : verified.findings) {
    if (finding.status != Status::equal) text += line_of(finding);
  }
  const std::string of = verified.generation ? fmt::format("generation {}", *verified.generation)
                                             : verified.host;
  return text + fmt::format("{}: {}\n", of, summary_of(verified.findings));
}

std::string json_of(const Verified& verified) {
  Json findings = Json::array();
  for (const Finding& finding : verified.findings) {
    Json json{{"kind", finding.kind}, {"name", finding.name}, {"status", status_name(finding.status)}};
    const std::pair<const char*, const std::string&> texts[] = {{"expected", finding.expected},
                                                                {"found", finding.found},
                                                                {"where", finding.where},
                                                                {"note", finding.note}};
    for (const auto& [key, value] : texts) {
      if (!value.empty()) json[key] = value;
    }
    findings.push_back(std::move(json));
  }
  Json json{{"schema", "tunec verify 1"}, {"host", verified.host}};
  if (verified.generation) json["generation"] = *verified.generation;
  json["findings"] = std::move(findings);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string junit_of(const std::vector<Verified>& hosts) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const Verified& verified : hosts) {
    const auto failures = std::ranges::count_if(verified.findings,
                                                [](const Finding& f) { return !is_fine(f); });
    text += fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\">\n", xml(verified.host),
                        verified.findings.size(), failures);
    for (const Finding& finding : verified.findings) {
      const std::string begin = fmt::format("    <testcase classname=\"{}.{}\" name=\"{}\"",
                                            xml(verified.host), finding.kind, xml(finding.name));
      if (finding.status == Status::equal) text += begin + "/>\n";
      else if (is_fine(finding))
        text += fmt::format("{}><skipped message=\"{}\"/></testcase>\n", begin, status_name(finding.status));
      else
        text += fmt::format("{}><failure message=\"{}\">{}</failure></testcase>\n", begin,
                            status_name(finding.status), xml(reason_of(finding)));
    }
    text += "  </testsuite>\n";
  }
  return text + "</testsuites>\n";
}

std::string prometheus_of(const Verified& verified, bool trial) {
  std::map<std::string_view, std::size_t> by_status;
  for (auto status = static_cast<int>(Status::next_boot); status <= static_cast<int>(Status::differs);
       ++status)
    by_status[status_name(static_cast<Status>(status))] = 0;
  for (const Finding& finding : verified.findings) {
    if (!is_fine(finding)) ++by_status[status_name(finding.status)];
  }
  std::string text = fmt::format(
      "# HELP tunec_generation The generation in place.\n# TYPE tunec_generation gauge\ntunec_generation {}\n"
      "# HELP tunec_trial 1 while a trial waits for its end.\n# TYPE tunec_trial gauge\ntunec_trial {}\n"
      "# HELP tunec_drift What is not as the tree says.\n# TYPE tunec_drift gauge\n",
      verified.generation.value_or(0), trial ? 1 : 0);
  for (const auto& [status, count] : by_status)
    text += fmt::format("tunec_drift{{status=\"{}\"}} {}\n", status, count);
  return text;
}

}  // namespace tunec::host
