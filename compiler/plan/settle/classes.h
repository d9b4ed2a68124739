// Divides hosts into classes. All hosts of a class have the same platform and, by their text, the same shared
// declarations. Every decision there has the same outcome: each condition, list of pools and repeated
// inclusion. All other facts may differ.
//
// 1. Claim: hosts that agree in everything that the decisions read are of one class.
//    Why: machine/fact_reads.h (1).
// 2. Claim: hosts with the same outcome of every decision are of one class, whatever they read.
//    Why: the first decision is the same statement for all; after the same outcome, so is the next one.
// Tests: tests/property/class_laws_test.cpp and tests/cases/language/classes.md. A finer division would give
// the same plan.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "plan/settle/walk.h"

namespace tunec {

using HostList = std::vector<const Host*>;  // sorted by name

struct HostClass {
  HostList hosts;
  std::shared_ptr<const Walk> walk;  // the same for the first host and all others
};

// In the order of their first hosts.
std::vector<HostClass> classes_of(const std::vector<Host>& hosts, const Fleet& fleet, FactNumbers& numbers);

// The facts in which the hosts of a class differ.
class Differences {
 public:
  Differences(const HostList& hosts, FactNumbers& numbers) : hosts_(hosts), numbers_(numbers) {}
  bool in(const FactReads& reads);
  std::size_t count_values(const std::string& leaf);  // 1: all agree

 private:
  const HostList& hosts_;
  FactNumbers& numbers_;
  std::map<std::string, std::size_t> counted_;
};

// Groups of hosts that agree in all of these leaves, in the order of their first hosts.
std::vector<HostList> divided_by(const FactReads& reads, const HostList& hosts, FactNumbers& numbers);

HostRecord record_of(const Host& host);
EvaluatedHost evaluated(const Host& host);

}  // namespace tunec
