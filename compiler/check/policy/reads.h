// What a policy looks at, told from its text. A host whose own settings are not among that is as its class is
// (alike.h).
#pragma once

#include <set>
#include <string>
#include <unordered_map>

#include "plan/platform/boot_state.h"
#include "site/fleet.h"

namespace tunec {

// How a policy sees one of a host's own settings.
enum class Seen { not_at_all, that_it_is_there, its_value };

class Outlook {
 public:
  Outlook(const ast::Policy& policy, const Fleet& fleet, const Effective& effective);

  // `host` has this setting, or one of this name and kind.
  Seen sees(const Setting& setting, const HostPlan& host) const;
  // Whether no other host tells what the policy finds here: it asks which host it is, or goes over all its
  // settings.
  bool each_for_itself(const HostPlan& host) const {
    return identity_ || (settings_ && !host.own.empty());
  }

 private:
  Seen by_name(const ParamInfo& param, std::size_t instances) const;
  void add(const ast::Expr& expr);
  void add(const ast::Path& path);

  const Fleet& fleet_;
  const Effective& effective_;
  std::set<std::string, std::less<>> states_;  // that settings of these names have, whoever sets them
  std::set<std::string, std::less<>> names_;   // as the text has them, without instances
  mutable std::unordered_map<const ParamInfo*, Seen> seen_;  // by name
  bool identity_ = false;                                    // which host it is
  bool listeners_ = false;                                   // every setting that listens
  bool settings_ = false;  // `… for setting`: every one, and all that is known of it
  bool pair_ = false;      // a.X and b.X are of two hosts
};

}  // namespace tunec
