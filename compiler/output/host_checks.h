// stdlib/checks.yaml: what tunec-host looks at on the running host beside files and values, as elements of
// the manifest's `checks`. Hosts share what they have in common.
//
// Comes in: the rules, a plan, who writes which state. Goes out: texts for each host, ready for its
// manifest:
//
//   {"name": "boot.isolcpus", "kind": "effect", "what": "…", "read": "/sys/…/isolated", "as": "cpus", "is":
//   "4-15"}
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "plan/platform/boot_state.h"
#include "render/render.h"
#include "site/fleet.h"
#include "source/yaml.h"

namespace tunec {

class CheckRules {
 public:
  CheckRules() = default;
  explicit CheckRules(yaml::NodePtr file);

  // Rules of one parameter, by its record's name; empty if there are none.
  const std::vector<yaml::NodePtr>& effects_of(std::string_view param) const { return of(effects_, param); }
  const std::vector<yaml::NodePtr>& harms_of(std::string_view param) const { return of(harms_, param); }
  std::vector<yaml::NodePtr> of_settings() const;  // of all parameters
  const std::vector<yaml::NodePtr>& facts() const { return facts_; }
  const std::vector<yaml::NodePtr>& floor() const { return floor_; }
  const std::vector<yaml::NodePtr>& before() const { return before_; }
  const std::vector<yaml::NodePtr>& guests() const { return guests_; }

 private:
  using ByParam = std::map<std::string, std::vector<yaml::NodePtr>, std::less<>>;
  static const std::vector<yaml::NodePtr>& of(const ByParam& rules, std::string_view param);
  yaml::NodePtr file_;
  ByParam effects_, harms_;
  std::vector<yaml::NodePtr> facts_, floor_, before_, guests_;
};

// One for each host of the plan.
std::vector<HostCheckParts> host_checks(const CheckRules& rules, const Plan& plan, const Fleet& fleet,
                                        const Catalogue& catalogue, const BootState& boot_state,
                                        const std::vector<ReadBack>& reads);

}  // namespace tunec
