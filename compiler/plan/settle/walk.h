// The way through a host's declarations: which statements hold for the host, through which inclusions. No
// setting is evaluated on the way, only what decides the way: conditions, lists of pools and instance types,
// and arguments where one profile is included several times.
#pragma once

#include <deque>
#include <string>
#include <variant>
#include <vector>

#include "plan/expr/evaluate.h"
#include "plan/origin.h"

namespace tunec {

// Who includes whom on this host. A node is a host's declaration, a profile with its arguments, a pool or an
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

// A body that the walk has visited.
struct VisitedBody {
  std::size_t node = 0;
  Origin path;                           // the inclusions that led here
  const Inclusion* inclusion = nullptr;  // null: not a profile's body
  const Inclusion* outermost = nullptr;  // the first inclusion of the path
};

// A setting of a pattern that contains only settings. Other hosts of the class may have other patterns in its
// place.
struct PatternSetting {
  std::size_t pattern = 0, statement = 0;  // an index into patterns_of(), and one into that pattern
  std::size_t part = 0;                    // its leaf: declared_leaf()
};

// One expression or several that have to be evaluated: a setting, a condition, the arguments of an inclusion,
// a list of pools.
struct WalkStep {
  std::variant<const BoundSetting*, PatternSetting, const BoundWhen*, const Inclusion*, const BoundTemplates*>
      what;
  const VisitedBody* body = nullptr;
  // For a step that is no setting; computed for the host of the walk:
  FactReads reads;
  bool is_quiet = false;  // there is nothing to report on it
};

// A step that decides the way. Hosts with the same outcomes of all decisions take the same way.
struct WalkDecision {
  std::size_t step = 0;
  std::string outcome;  // for the host of the walk
};

struct Walk {
  std::deque<VisitedBody> bodies;
  std::deque<Inclusion> inclusions;
  std::vector<WalkStep> steps;  // in the order of the statements
  std::vector<WalkDecision> decisions;
  InclusionGraph graph;
  Reporter mistakes;  // of the way itself: profiles that include themselves, pools that nobody declares
};

// Whether a statement in a host's own declaration is for that host alone. The class shares all other
// statements.
bool is_own(const BoundStatement& statement);

// The patterns of a host that contain more than facts.
std::vector<const HostDeclaration*> patterns_of(const Host& host);
bool has_settings_alone(const HostDeclaration& declaration);
// The texts in which hosts of a class may differ: the arguments of their own inclusions, and patterns that
// contain only settings.
std::vector<std::string> declared_parts(const Host& host);

Walk walk(const Host& host, const Fleet& fleet);

// The path to a body; it begins with the host's own inclusion.
Origin path_to(const VisitedBody& body, const EvaluatedHost& host);
// The scope of a body's expressions.
Scope scope_in(const VisitedBody& body, const EvaluatedHost& host);
// The outcome of a decision for a host. The same outcomes lead to the same walk.
std::string outcome_of(const WalkStep& step, const EvaluatedHost& host, Evaluation& run);
// Decisions on inclusions of one profile, made comparable: which of the inclusions have the same arguments.
std::string outcomes_of(const Walk& walk, const std::vector<std::string>& outcomes);

}  // namespace tunec
