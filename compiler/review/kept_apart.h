// Hosts that a policy keeps in different failure domains. They stand in for one another, so they must not be
// away together either:
//
//   policy spread { for host  unique host.rack per host.label.service }
//   policy spread { for pair of hosts where a.label.service == b.label.service  require a.rack != b.rack }
//
// Each service is a group here. Of a policy for pairs the joining condition alone is read.
#pragma once

#include <string>
#include <vector>

#include "plan/expr/fleet_index.h"
#include "review/side.h"

namespace tunec {

class KeptApart {
 public:
  // `domains`: labels as facts call them, "rack", "label.room".
  KeptApart(const Side& side, const std::vector<std::string>& domains);

  KeptApart(const KeptApart&) = delete;  // the index goes over its hosts
  KeptApart& operator=(const KeptApart&) = delete;

  struct Group {
    std::string policy, name;  // "spread", "web"
  };
  // That a host of the side belongs to.
  std::vector<Group> groups_of(const HostPlan& host);

 private:
  struct Rule {
    const PolicyDecl* policy;
    const ast::Expr* group;
    bool is_for_pairs;
  };
  void find(const PolicyDecl& policy, const std::vector<std::string>& domains);

  const Side& side_;
  std::vector<Rule> rules_;
  HostPlans hosts_;
  FleetIndex index_;  // of these
};

}  // namespace tunec
