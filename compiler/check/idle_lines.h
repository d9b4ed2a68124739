// What can be done with a line that does nothing on some hosts: it can be deleted if no other host has it,
// and else be set only where it is available.
#pragma once

#include <map>

#include "diagnostics/reporter.h"
#include "plan/plan.h"
#include "source/sources.h"

namespace tunec {

class IdleLines {
 public:
  IdleLines(const Plan& plan, const Sources& sources) : plan_(plan), sources_(sources) {}

  // Adds the fixes for the line of a setting that is of no use on `hosts`. `is_lost`: no later release has it
  // either, so that nobody waits for it.
  void offer(Draft& draft, const Setting& setting, const HostPlans& hosts, bool is_lost);
  // Of a setting that has another name there.
  void offer_name(Draft& draft, const Setting& setting, const HostPlans& hosts, const std::string& name);

 private:
  bool serves_others(const Setting& setting, const HostPlans& hosts);

  const Plan& plan_;
  const Sources& sources_;
  std::map<Span, std::size_t> hosts_of_line_;  // made where it is first asked for
};

}  // namespace tunec
