// The values that statements give to the hosts of a class, each with its origin. Comes in: a class, with the
// walk of its hosts. Goes out: candidates that all hosts share, and candidates of single hosts. A statement
// is evaluated once for all hosts that agree in what it reads. So a statement that reads a host's own address
// costs one evaluation for each host, and every other statement one for each class.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "catalogue/catalogue.h"
#include "plan/settle/classes.h"
#include "plan/settle/dropped.h"

namespace tunec {

struct Candidate {
  const ParamInfo* param = nullptr;
  std::string name;
  std::vector<std::string> instances;
  Value value;
  Origin origin;
  std::size_t node = 0;  // in the graph: the body whose statement it is
};

struct Excluded {
  std::vector<Dropped> dropped;
  // Names without a value because of a mistake that was reported already
  std::vector<std::string> failed_settings;
  bool is_empty() const { return dropped.empty() && failed_settings.empty(); }
};

// The result of one statement.
struct Made {
  std::optional<Candidate> candidate;
  Excluded excluded;
};

// For one class, or for a part of it: if a fact has few values, the hosts of each value are a class of their
// own.
struct Candidates {
  Candidates() = default;
  Candidates(Candidates&&) = default;  // `own` points into `made`
  Candidates& operator=(Candidates&&) = default;

  HostList hosts;
  std::shared_ptr<const Walk> walk;
  std::vector<Candidate> shared;
  Excluded excluded;
  std::vector<std::vector<const Made*>> own;  // by host, in the order of the walk; empty if no host has any
  std::deque<SharedResults<Made>> made;       // keeps them alive
};

std::vector<Candidates> collect(const HostClass& some, const Fleet& fleet, const Catalogue& catalogue,
                                FactNumbers& numbers, Reporter& reporter);
// Candidates from a host's own declaration for that host alone. These beat all others.
std::vector<Candidate> collect_own(const Host& host, const Fleet& fleet, const Catalogue& catalogue,
                                   Excluded& excluded, Reporter& reporter);

}  // namespace tunec
