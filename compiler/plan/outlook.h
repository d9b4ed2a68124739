// What a policy looks at, told from its text. A host whose own settings are not among that is as its class is, so the policy is
// computed once per class, and once more for each host that differs in something it looks at.
#pragma once

#include <set>
#include <string>
#include <unordered_map>

#include "model/fleet.h"
#include "plan/effective.h"

namespace tunec {

class Outlook {
 public:
  Outlook(const ast::Policy& policy, const Fleet& fleet, const Effective& effective);

  bool sees(const Setting& setting) const;
  // Whether the policy may find this host other than the rest of its class.
  bool sets_apart(const HostPlan& host) const;

 private:
  void add(const ast::Expr& expr);
  void add(const ast::Path& path);

  const Fleet& fleet_;
  const Effective& effective_;
  std::set<std::string, std::less<>> states_;  // that settings of these names have, whoever sets them
  std::set<std::string, std::less<>> names_;  // as the text has them, without instances
  mutable std::unordered_map<const ParamInfo*, bool> seen_;
  bool identity_ = false;                     // which host it is
  bool listeners_ = false;                    // every setting that listens
  bool settings_ = false;                     // every setting
  bool pair_ = false;                         // a.X and b.X are of two hosts
};

}  // namespace tunec
