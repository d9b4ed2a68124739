// Every value that any statement gives to a host (or to a class of hosts), each with its origin, and who
// includes whom.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "catalogue/catalogue.h"
#include "plan/expr/evaluate.h"

namespace tunec {

struct Candidate {
  const ParamInfo* param = nullptr;
  std::string name;
  std::vector<std::string> instances;
  Value value;
  Origin origin;
  std::size_t node = 0;  // in the graph: whose statement it is
};

// Who includes whom, on this host. A node is a host's declaration, a profile with its arguments, a pool or an
// instance type.
class InclusionGraph {
 public:
  std::size_t add_node();
  void add_edge(std::size_t includer, std::size_t included) { includers_[included].push_back(includer); }
  // Whether `a` includes `b`, directly or through others.
  bool includes(std::size_t a, std::size_t b) const;
  void close();  // once, after the last edge

 private:
  std::vector<std::vector<std::size_t>> includers_;
  std::vector<std::vector<bool>> above_;
};

// What is set `where available`, and is not available.
struct Dropped {
  std::string name;
  Value value;
  Origin origin;
  std::string why;
  std::string moved;  // the parameter that got the value instead; may be empty
  std::string host;   // whose own statement it is; empty if it is of all the class's hosts
};
struct LeftOut {
  std::vector<Dropped> dropped;
  std::vector<std::string> spoiled;  // names: a mistake, reported already, spoiled the value
};

struct Candidates {
  std::vector<Candidate> all;
  LeftOut left_out;
  InclusionGraph graph;
  bool used_identity = false;         // something depends on which host it is
  std::set<std::string> used_labels;  // something depends on these labels of it
};

// What a host shares with others of its class: everything but the plain settings of its own declaration.
Candidates collect_shared(const Host& host, const Fleet& fleet, const Catalogue& catalogue,
                          const Subject& subject, Reporter& reporter);
// The rest. They beat all shared ones.
std::vector<Candidate> collect_own(const Host& host, const Fleet& fleet, const Catalogue& catalogue,
                                   const Subject& subject, LeftOut& left_out, Reporter& reporter);

// Whether an expression asks which host it is for, or for its rack or labels.
bool mentions_identity(const ast::Expr& expr);

}  // namespace tunec
