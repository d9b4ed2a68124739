#include "support/verified.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tunec::test {

std::string verified(HostRig& rig) {
  rig.said.clear();
  std::string text = std::to_string(host::verify(rig.running(), host::ReportForm::json));
  const auto json = nlohmann::json::parse(rig.said);
  for (const auto& finding : json["findings"]) {
    if (finding["status"] == "equal") continue;
    text += fmt::format("; {} {}", finding["status"].get<std::string>(), finding["name"].get<std::string>());
    for (const char* key : {"expected", "found", "note"}) {
      if (finding.contains(key)) text += fmt::format(" {} {}", key, finding[key].get<std::string>());
    }
  }
  return text;
}

}  // namespace tunec::test
