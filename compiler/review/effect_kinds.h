// stdlib/review.yaml: what a change takes until it counts, as people plan it. A record says "restart";
// whether that is libvirtd or each guest hangs on the carrier and the key.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/plan.h"
#include "source/yaml.h"

namespace tunec {

struct EffectKind {
  std::string name;       // "reboot"
  std::string word;       // "vm-restart": the word of --fail-on; kinds can share one
  bool disturbs = false;  // guests have to leave the host for it
};

// What nothing sets any more: one setting, or all of a mount, a unit, a pool.
enum class Removal { none, of_setting, of_collection };

class EffectKinds {
 public:
  explicit EffectKinds(const yaml::Node& file);

  struct Found {
    std::size_t kind = 0;  // its place among the kinds, of which the first is the mildest
    std::string_view why;  // one clause
  };
  Found of(const Setting& setting, Removal removal = Removal::none) const;
  const EffectKind& operator[](std::size_t kind) const { return kinds_[kind]; }
  std::size_t size() const { return kinds_.size(); }
  // Whether the site's files alone have it: an alert, a scrape target.
  bool is_of_site(const Setting& setting) const;
  // Whether reviews must not show the value.
  bool is_secret(const ParamInfo& param) const;
  // The parameter whose instances are pools of hosts: "pool().cpus".
  const std::string& pool_parameter() const { return pool_parameter_; }
  // Those of a pool that add up over its hosts: "pool().cpus", "pool().memory".
  const std::vector<std::string>& pool_sums() const { return pool_sums_; }

 private:
  struct Rule {
    std::size_t kind = 0;
    std::string why;
    std::optional<Effect> effect;       // of the record; nothing: any
    std::vector<std::string> surfaces;  // empty: all
    std::string keys;                   // an expression for the whole key; empty: all
    Removal removal = Removal::none;    // the least for which the rule is
    std::vector<std::string> also;      // carriers that fit whatever else is asked
  };
  static bool fits(const Rule& rule, const Setting& setting, Removal removal);

  std::vector<EffectKind> kinds_;
  std::vector<Rule> rules_;
  std::string pool_parameter_;
  std::vector<std::string> pool_sums_;
  std::vector<std::string> site_surfaces_;
  std::vector<std::string> secrets_;  // expressions for the names of parameters
};

}  // namespace tunec
