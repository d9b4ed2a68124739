#include "driver/present/decisions.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "base/table.h"

namespace tunec {
namespace {

std::string_view word(Verdict verdict) {
  constexpr std::array<std::string_view, 3> words{"kept", "replaced", "dropped"};
  return words.at(static_cast<std::size_t>(verdict));
}

std::string hosts_text(const std::vector<std::string>& hosts) {
  const std::size_t others = hosts.size() - 1;
  return others == 0 ? hosts.front()
                     : fmt::format("{} and {} other{}", hosts.front(), others, others == 1 ? "" : "s");
}

// What the platform makes of the statement, and why.
std::string reason_of(const Decision& decision, std::size_t hosts_of_platform) {
  std::string reason;
  const auto add = [&](const std::string& text, std::string_view between) {
    reason += (reason.empty() ? "" : std::string(between)) + text;
  };
  if (decision.hosts.size() < hosts_of_platform) add("on " + hosts_text(decision.hosts), "");
  if (!decision.instead.empty()) add("by " + decision.instead, ", ");
  if (!decision.why.empty()) add(decision.why, ": ");
  return reason;
}

}  // namespace

std::string decisions_text(const std::vector<Decision>& all, const Plan& plan, const Sources& sources) {
  if (all.empty()) return "nothing depends on what its platform has\n";
  std::map<std::string, std::vector<std::string>> hosts;
  for (const HostPlan& host : plan.hosts) hosts[host.facts->platform->describe()].push_back(host.name);
  Table table({}, 2);
  for (const Decision& decision : all) {
    table.add({std::string(word(decision.verdict)),
               fmt::format("{} = {}", decision.name, to_source(decision.value)),
               sources.place(decision.where), reason_of(decision, hosts.at(decision.platform).size())});
  }
  const std::vector<std::string> lines = table.lines();
  std::string text;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string& platform = all[i].platform;
    if (i == 0 || all[i - 1].platform != platform)
      text += fmt::format("{}{}: {}\n", i == 0 ? "" : "\n", platform, hosts_text(hosts.at(platform)));
    text += lines[i] + "\n";
  }
  return text;
}

std::string decisions_json(const std::vector<Decision>& all, const Sources& sources) {
  using Json = nlohmann::ordered_json;
  const auto stated = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  std::string lines;
  for (const Decision& decision : all) {
    const LineColumn at = sources.position(decision.where.file, decision.where.begin);
    const Json object{{"decision", word(decision.verdict)},
                      {"parameter", decision.name},
                      {"value", to_source(decision.value)},
                      {"instead", stated(decision.instead)},
                      {"why", stated(decision.why)},
                      {"platform", decision.platform},
                      {"hosts", decision.hosts},
                      {"file", std::string(sources.name(decision.where.file))},
                      {"line", at.line},
                      {"column", at.column}};
    lines += object.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  return lines;
}

}  // namespace tunec
