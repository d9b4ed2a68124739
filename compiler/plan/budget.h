// A budget's sheet: its parts against its total. Sizes and numbers are summed; CPU sets must lie within the total and not overlap.
#pragma once

#include <string>
#include <vector>

#include "plan/subjects.h"

namespace tunec {

struct SheetPart {
  std::string name;
  Value value;                           // Poison if it is not known
  std::vector<const Setting*> settings;  // that it was computed from
};

struct Sheet {
  const ast::Policy* budget = nullptr;
  std::string of;         // "kvm-01", "kvm-01, node 0"
  Value total;
  std::vector<SheetPart> parts;
  Value promised;         // the sum, or the union
  Value left;             // of the total; less than nothing where it does not close
  CpuSet outside, twice;  // CPUs that are not in the total, CPUs of two parts
  bool closes = true;

  Parameters told() const;  // what messages can say: total, promised, left, excess, outside, twice
  std::string sum() const;  // "4GiB kernel + 40GiB huge pages = 44GiB, and there are 32GiB"
};

// Nothing if the total is not known, or, reported, the parts are not of its kind.
std::optional<Sheet> sheet_of(const ast::Policy& budget, const PolicySubject& subject, Evaluator& evaluate, Reporter& reporter);

// Every budget of every host (or of one), by host, then by budget: for `tunec budget`.
struct HostSheets {
  const HostPlan* host = nullptr;
  std::vector<std::string> alike;  // the other hosts with the same sheets
  std::vector<Sheet> sheets;
};
std::vector<HostSheets> budgets_of(const Plan& plan, const CheckInput& input, Reporter& reporter);

}  // namespace tunec
