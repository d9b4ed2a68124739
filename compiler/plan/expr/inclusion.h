// A profile as a walk comes to include it: where the names of its parameters get their values. Arguments are
// expressions in the scope around the inclusion, and are evaluated for each host that they differ on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plan/subject.h"
#include "site/fleet.h"

namespace tunec {

struct Inclusion {
  const Inclusion* around = nullptr;  // whose parameters the arguments can use; null: a declaration's body
  const BoundInclude* include = nullptr;
  // Of a shipped profile: the user's inclusion of it, which may be itself. Mistakes in its body are shown
  // there
  const Inclusion* shown_by = nullptr;
  // By the name of their parameter, as numbers of the inclusion's arguments; of two for one the last counts
  std::map<std::string, std::size_t> arguments;
  std::vector<std::size_t> written;  // all of them

  // In a host's own declaration: hosts of a class include the same there, but each with its own arguments.
  struct OwnArguments {
    std::size_t declaration = 0;  // of Host::by_name
    // Its number among the inclusions there. Hosts of a class agree in these; other statements differ.
    std::size_t include = 0;
    std::size_t first_part = 0;  // the leaf of the first argument: declared_leaf()
  };
  std::optional<OwnArguments> own;

  const Profile& profile() const { return *include->profile; }
  const BoundInclude& as_written_by(const EvaluatedHost& host) const;
};

// Where mistakes in the body of a profile are shown, if not where they are.
std::optional<Span> place_to_show(const Inclusion* inclusion, const EvaluatedHost& host);
// Without what depends on the way to it.
Inclusion inclusion_of(const BoundInclude& include);

}  // namespace tunec
