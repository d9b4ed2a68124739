// The way through a host's declarations: which statements hold for it, through which inclusions. No setting
// is evaluated on the way, only what the way depends on: conditions, lists of pools and instance types, and
// arguments where one profile is included several times.
#pragma once

#include <deque>
#include <string>
#include <variant>
#include <vector>

#include "plan/expr/evaluate.h"
#include "plan/origin.h"

namespace tunec {

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

// A body that the walk came through.
struct VisitedBody {
  std::size_t node = 0;
  Origin path;                           // the inclusions up to here
  const Inclusion* inclusion = nullptr;  // null: no profile's
  const Inclusion* outermost = nullptr;  // of the path
};

// A setting of a pattern that consists of settings alone. Hosts of a class may have different patterns in its
// place.
struct PatternSetting {
  std::size_t pattern = 0, statement = 0;  // of patterns_of(), and there
  std::size_t part = 0;                    // its leaf: declared_leaf()
};

// One expression, or more, to evaluate: a setting, a condition, the arguments of an inclusion, a list of
// pools.
struct WalkStep {
  std::variant<const BoundSetting*, PatternSetting, const BoundWhen*, const Inclusion*, const BoundTemplates*>
      what;
  const VisitedBody* body = nullptr;
  // Of a step that is no setting, for the host that was walked for:
  FactReads reads;
  bool is_quiet = false;  // there is nothing to report on it
};

// A step that the way depends on: hosts for which all of them come to the same go the same way.
struct WalkDecision {
  std::size_t step = 0;
  std::string outcome;  // for the host that was walked for
};

struct Walk {
  std::deque<VisitedBody> bodies;
  std::deque<Inclusion> inclusions;
  std::vector<WalkStep> steps;  // in the order of the statements
  std::vector<WalkDecision> decisions;
  InclusionGraph graph;
  Reporter mistakes;  // of the way itself: profiles that include themselves, pools that nobody declares
};

// Whether a host's own declaration says it for that host alone. All other statements are shared with its
// class.
bool is_own(const BoundStatement& statement);

// A host's patterns that state more than facts.
std::vector<const HostDeclaration*> patterns_of(const Host& host);
bool has_settings_alone(const HostDeclaration& declaration);
// What hosts of a class may differ in, as texts: arguments of their own inclusions, patterns of settings
// alone.
std::vector<std::string> declared_parts(const Host& host);

Walk walk(const Host& host, const Fleet& fleet);

// The path to a body, with the host's own inclusion at its begin.
Origin path_to(const VisitedBody& body, const EvaluatedHost& host);
// Where the expressions of a body stand.
Scope scope_in(const VisitedBody& body, const EvaluatedHost& host);
// What a decision comes to for a host; the same walk for the same outcomes.
std::string outcome_of(const WalkStep& step, const EvaluatedHost& host, Evaluation& run);
// As decisions on inclusions of one profile are compared: which of them are of the same arguments.
std::string outcomes_of(const Walk& walk, const std::vector<std::string>& outcomes);

}  // namespace tunec
