// Hosts in classes. All hosts of a class have the same platform, the same shared declarations (by their
// text), and go the same way through these: every condition, list of pools and repeated inclusion comes to
// the same. In all other facts they may differ.
//
// Two rules make this cheap and safe:
// 1. Hosts that agree in all that the decisions of a walk read, go the same way. Why: machine/fact_reads.h
// (1).
// 2. Hosts for which all decisions of a walk come to the same, go that way too. Why: the first decision is
// at
//    the same statement for all; after the same outcome, so is the next one.
// Any finer division would give the same plan. tests/property/class_laws_test.cpp holds both.
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
