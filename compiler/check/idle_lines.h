// Fixes for a line that does nothing on some hosts. If no other host has the line, it can be deleted.
// Otherwise it can be set `where available`.
#pragma once

#include <map>

#include "diagnostics/reporter.h"
#include "plan/plan.h"
#include "source/sources.h"

namespace tunec {

class IdleLines {
 public:
  IdleLines(const Plan& plan, const Sources& sources) : plan_(plan), sources_(sources) {}

  // Adds the fixes for the line of a setting that does nothing on `hosts`. `is_lost`: no later release has
  // the parameter either, so nobody has a reason to keep the line.
  void offer(Draft& draft, const Setting& setting, const HostPlans& hosts, bool is_lost);
  // For a setting that has another name there.
  void offer_name(Draft& draft, const Setting& setting, const HostPlans& hosts, const std::string& name);

 private:
  bool serves_others(const Setting& setting, const HostPlans& hosts);

  const Plan& plan_;
  const Sources& sources_;
  std::map<Span, std::size_t> hosts_of_line_;  // made when first needed
};

}  // namespace tunec
