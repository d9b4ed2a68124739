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
  std::string word;       // "vm-restart": what `--fail-on` calls it, and maybe others
  std::string why;        // one clause, said once for all changes of this kind
  bool disturbs = false;  // guests or the whole host: hosts of a wave go through it together
};

class EffectKinds {
 public:
  explicit EffectKinds(const yaml::Node& file);

  // Its place among the kinds, of which the first is the mildest. `is_taken_away`: nothing sets it any more.
  std::size_t of(const Setting& setting, bool is_taken_away = false) const;
  const EffectKind& operator[](std::size_t kind) const { return rules_[kind].kind; }
  std::size_t size() const { return rules_.size(); }
  std::optional<std::size_t> named(std::string_view name) const;
  // Whether reviews must not show the value.
  bool is_secret(const Setting& setting) const;
  // The parameter whose instances are pools of hosts: "pool().cpus".
  const std::string& pool_parameter() const { return pool_parameter_; }

 private:
  struct Rule {
    EffectKind kind;
    std::optional<Effect> effect;       // of the record; nothing: any
    std::vector<std::string> surfaces;  // empty: all
    std::string keys;                   // an expression for the whole key; empty: all
    bool is_of_removal = false;         // only for what nothing sets any more
    std::vector<std::string> also;      // carriers that fit whatever else is asked
  };
  std::vector<Rule> rules_;
  std::string pool_parameter_;
  std::vector<std::string> secrets_;  // expressions for the names of parameters
};

}  // namespace tunec
