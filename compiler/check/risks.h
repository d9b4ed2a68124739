// Settings that give up security, on hosts where no waiver allows it. They are collected until all classes of
// hosts have been checked, so that the help can show one waiver for all of these hosts.
#pragma once

#include <map>
#include <set>
#include <utility>

#include "check/checks.h"

namespace tunec {

class Risks {
 public:
  Risks(const CheckInput& input, Reporter& reporter) : input_(input), reporter_(reporter) {}

  // Returns the hosts that a waiver covers.
  HostPlans check(const Setting& setting, const Caveat& risk, const HostPlans& hosts);
  void report();

 private:
  struct Finding {
    const Setting* setting;
    const Caveat* risk;
    HostPlans hosts;
  };
  using Mistake = std::pair<Span, std::string>;  // the place and the setting: one diagnostic
  Mistake mistake_of(const Finding& finding) const;

  const CheckInput& input_;
  Reporter& reporter_;
  std::vector<Finding> findings_;
};

}  // namespace tunec
