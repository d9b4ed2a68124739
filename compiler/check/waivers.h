// Waivers: which hosts may break a policy or take a risk, and until when. The checks call allow_breach() and
// allow_risk(), which note in the reporter which host needs which waiver. After all checks, report() reports
// waivers that have ended, that no host needs, or that lack what a risk demands.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diagnostics/reporter.h"
#include "site/fleet.h"

namespace tunec {

class Waivers {
 public:
  struct Entry {
    const WaiverDecl* declared = nullptr;
    bool ended = false;
  };

  Waivers() = default;
  Waivers(const Fleet& fleet, std::optional<Date> today);  // without a date, none has ended

  bool allow_breach(std::string_view policy, const std::string& host, Reporter& reporter) const {
    return allow(policy, host, reporter);
  }
  bool allow_risk(const ParamInfo& param, const std::string& host, Reporter& reporter) const {
    return allow(param.name, host, reporter);
  }
  const std::vector<Entry>& entries() const { return entries_; }
  void report(Reporter& reporter) const;

 private:
  bool allow(std::string_view name, const std::string& host, Reporter& reporter) const;

  std::vector<Entry> entries_;  // as declared
  // Of policies, and of parameters by their records' names
  std::map<std::string, std::vector<std::size_t>, std::less<>> by_name_;
};

// A pattern that matches these hosts (sorted) and no others of the fleet: one that the site uses, or a simple
// one. Nothing if there is none.
std::optional<std::string> pattern_of(const std::vector<std::string>& hosts, const Fleet& fleet);

}  // namespace tunec
