// A budget's sheet: its parts compared with its total. Sizes and numbers are summed. CPU sets must lie within
// the total and not overlap.
#pragma once

#include <string>
#include <vector>

#include "check/policy/subjects.h"

namespace tunec {

struct SheetPart {
  std::string name;
  Value value;                           // Poison if it is unknown
  std::vector<const Setting*> settings;  // that it was computed from
};

struct Sheet {
  const ast::Policy* budget = nullptr;
  // The part of a host that this sheet is about: "node 0", "pool web"; empty for the host itself, and for the
  // fleet
  std::string of;
  Value total;
  std::vector<SheetPart> parts;
  Value promised;         // the sum, or the union; Poison if all parts are unknown
  Value left;             // of the total; negative if the budget does not close
  CpuSet outside, twice;  // CPUs that are not in the total, CPUs of two parts
  bool closes = true;
  bool waived = false;  // for all of its hosts, so it need not close

  bool of_cpus() const { return total.is<CpuSet>(); }
  Parameters message_names() const;  // names for messages: total, promised, left, excess, outside, twice
  std::string sum() const;           // "4GiB kernel + 40GiB huge pages = 44GiB of 32GiB, 12GiB too much"
};

// Nothing if the total is unknown; also if the parts are not of its kind, which is reported.
std::optional<Sheet> sheet_of(const ast::Policy& budget, const PolicySubject& subject, Evaluator& evaluate,
                              Reporter& reporter);

// An amount for people. Sizes of more than five digits, or of no whole MiB or MB, are rounded, in units like
// those of `beside` (4.2GB of 5GB, 4.2GiB of 5GiB). Numbers with many digits are rounded too.
std::string readable(const Value& value, const Value& beside);

// Hosts with equal budgets on machines of one layout; or the fleet, one group of it, or a pair.
struct BudgetEntry {
  // "the fleet", "host.rack 7", "a and b"; empty if the entry is about single hosts
  std::string of;
  std::vector<const HostPlan*> hosts;  // sorted by name
  // In the order of the budgets; the settings are those of the first host
  std::vector<Sheet> sheets;
};
// For `tunec budget`. Hosts come first, by the name of an entry's first host, then the fleet. Mistakes are
// not reported, since the check has reported them.
std::vector<BudgetEntry> budgets_of(const Plan& plan, const CheckInput& input);

}  // namespace tunec
