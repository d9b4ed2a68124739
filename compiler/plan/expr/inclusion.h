// A profile as a walk includes it: where the parameters of the profile get their values. Arguments are
// expressions in the scope around the inclusion. They are evaluated for each host on which they differ.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "plan/subject.h"
#include "site/fleet.h"

namespace tunec {

struct Inclusion {
  // The inclusion whose parameters the arguments can use; null: a declaration's body
  const Inclusion* around = nullptr;
  const BoundInclude* include = nullptr;
  // For a shipped profile: the user's inclusion of it, possibly this one. Mistakes in the profile's body are
  // shown there
  const Inclusion* shown_by = nullptr;
  // By the name of the parameter: the number of the inclusion's argument; if two give one parameter, the last
  // counts
  std::map<std::string, std::size_t> arguments;
  std::vector<std::size_t> written;  // the numbers of all arguments

  // For an inclusion in a host's own declaration: hosts of a class have the same inclusions, with their own
  // arguments.
  struct OwnArguments {
    std::size_t declaration = 0;  // of Host::by_name
    // Its number among the inclusions there. Hosts of a class agree in these, but not in other statements.
    std::size_t include = 0;
    std::size_t first_part = 0;  // the leaf of the first argument: declared_leaf()
  };
  std::optional<OwnArguments> own;

  const Profile& profile() const { return *include->profile; }
  const BoundInclude& as_written_by(const EvaluatedHost& host) const;
};

// The place for mistakes in the body of a profile, if it is not the place of the mistake itself.
std::optional<Span> place_to_show(const Inclusion* inclusion, const EvaluatedHost& host);
// The inclusion without the parts that depend on the way to it.
Inclusion inclusion_of(const BoundInclude& include);

}  // namespace tunec
