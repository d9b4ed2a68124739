// Divides hosts into classes. All hosts of a class have the same platform and the same shared declarations,
// by their text. Every decision there has the same outcome: each condition, list of pools and repeated
// inclusion. All other facts may differ.
//
// 1. Claim: hosts that agree in everything that the decisions read are of one class.
//    Why: machine/fact_reads.h (1).
// 2. Claim: hosts with the same outcome of every decision are of one class, whatever they read.
//    Why: the first decision stands at the same statement for all; after the same outcome, so does the next.
// tests/property/class_laws_test.cpp and tests/cases/language/classes.md hold both. A finer division would
// give the same plan.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "plan/settle/walk.h"

namespace tunec {

using HostList = std::vector<const Host*>;  // sorted by name

struct HostClass {
  HostList hosts;
  std::shared_ptr<const Walk> walk;  // of the first host, and of all
};

// In the order of their first hosts.
std::vector<HostClass> classes_of(const std::vector<Host>& hosts, const Fleet& fleet, FactNumbers& numbers);

// What the hosts of a class differ in.
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

// Hosts that agree in these leaves together, in the order of their first hosts.
std::vector<HostList> divided_by(const FactReads& reads, const HostList& hosts, FactNumbers& numbers);

HostRecord record_of(const Host& host);
EvaluatedHost evaluated(const Host& host);

}  // namespace tunec
