// Reports the caveat that a setting meets. The message follows from the condition of the caveat that matched.
#pragma once

#include <string>

#include "diagnostics/reporter.h"
#include "plan/plan.h"

namespace tunec {

// The subject of the message: the parameter, or an item of its list.
struct CaveatSubject {
  std::string name;        // "`sysctl.vm.swappiness`", "module `kvm_intel`"
  std::string with_value;  // "`sysctl.vm.swappiness` = 300"
  std::string key;         // findings of one place and key are one
};

Draft report_caveat(const CaveatSubject& subject, Span where, const Caveat& caveat, const Setting& setting,
                    const HostPlans& hosts, Reporter& reporter);

}  // namespace tunec
