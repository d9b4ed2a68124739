// The rules between the settings of a host that tunec enforces, and what enforces each:
// stdlib/invariants.yaml.
#pragma once

#include <string>
#include <vector>

#include "driver/pipeline.h"

namespace tunec {

struct Invariant {
  std::string number, severity, rule, source, note;
  std::vector<std::string> by;  // policies, budgets, codes, or `construction`
};

std::vector<Invariant> read_invariants(Compilation& compilation);  // adds the file to its sources
std::string invariant_row(const Invariant& invariant);
std::string invariant_text(const Invariant& invariant);
std::string invariant_json(const Invariant& invariant);

}  // namespace tunec
