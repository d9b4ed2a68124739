// A budget's sheet: its parts against its total. Sizes and numbers are summed; CPU sets must lie within the
// total and not overlap.
#pragma once

#include <string>
#include <vector>

#include "check/policy/subjects.h"

namespace tunec {

struct SheetPart {
  std::string name;
  Value value;                           // Poison if it is not known
  std::vector<const Setting*> settings;  // that it was computed from
};

struct Sheet {
  const ast::Policy* budget = nullptr;
  // What of a host: "node 0", "pool web"; empty for the host itself, and for the fleet
  std::string of;
  Value total;
  std::vector<SheetPart> parts;
  Value promised;         // the sum, or the union; Poison if no part is known
  Value left;             // of the total; less than nothing where it does not close
  CpuSet outside, twice;  // CPUs that are not in the total, CPUs of two parts
  bool closes = true;
  bool waived = false;  // for all of its hosts: then it need not

  bool of_cpus() const { return total.is<CpuSet>(); }
  Parameters told() const;  // what messages can say: total, promised, left, excess, outside, twice
  std::string sum() const;  // "4GiB kernel + 40GiB huge pages = 44GiB of 32GiB, 12GiB too much"
};

// Nothing if the total is not known, or, reported, the parts are not of its kind.
std::optional<Sheet> sheet_of(const ast::Policy& budget, const PolicySubject& subject, Evaluator& evaluate,
                              Reporter& reporter);

// An amount for people: sizes that would take more than five digits, or are no whole MiB or MB, are rounded,
// and to units like those of `beside` (4.2GB of 5GB, 4.2GiB of 5GiB); so are numbers with many digits.
std::string readable(const Value& value, const Value& beside);

// Hosts whose budgets come to the same on machines that are laid out alike; or the fleet, a group of it or a
// pair.
struct BudgetEntry {
  // "the fleet", "host.rack 7", "a and b"; empty for hosts, each for itself
  std::string of;
  std::vector<const HostPlan*> hosts;  // sorted by name
  // In the order of the budgets; the settings are those of the first host
  std::vector<Sheet> sheets;
};
// For `tunec budget`: hosts by the first one's name, then the fleet. Everything that is wrong was reported by
// the check already.
std::vector<BudgetEntry> budgets_of(const Plan& plan, const CheckInput& input);

}  // namespace tunec
