// What a policy reads of a host, found in the policy's text: facts, labels and settings.
//
// Comes in: a policy, and the constants of the site that it may name. Goes out: names. Hosts that agree in
// everything that a policy reads get the same verdict from it (check/policy/host_groups.h). The text can name
// too much, never too little: a name in a branch that is not taken counts as read.
//
//   policy p {
//     for wireguard                                  presence: every setting below wireguard()
//     when host.memory >= 64GiB                      fact: memory
//     require wireguard.mtu < sysctl.net.core.x      value: wireguard().mtu, sysctl.net.core.x
//     else error "{host.name}: …"                    messages are no part of a verdict
//   }
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "plan/platform/boot_state.h"
#include "site/fleet.h"

namespace tunec {

// How much a policy reads of a host's settings of one parameter: whether they exist, or also their values.
enum class Read { nothing, presence, value };

// A parameter, with all names that a policy's text can use for it.
struct ReadableParam {
  explicit ReadableParam(const ParamInfo& param);

  const ParamInfo* param;
  std::string name;              // wireguard.peer.endpoint of wireguard().peer().endpoint
  std::string collection;        // wireguard: `for wireguard` reads its instances
  std::string inner;             // peer.endpoint, in a policy `for wireguard`; empty if it has one instance
  std::string inner_collection;  // peer
  std::set<std::string, std::less<>> states;  // states that its settings write (plan/platform/boot_state.h)
};

// Names of surfaces; nothing means all of them.
using Surfaces = std::optional<std::set<std::string, std::less<>>>;
// The surfaces that a condition on settings allows, as in `setting.surface in [boot, module] and …`. A `let`
// may have the name of a surface; its value is not considered.
Surfaces surfaces_in(const ast::Expr& where, const ast::Policy& policy, const Fleet& fleet);

class PolicyReads {
 public:
  PolicyReads() = default;
  // For a policy for the fleet, only what `where` and `per` read, to choose hosts and to group them. Its
  // rules then read the settings of all of these hosts.
  PolicyReads(const ast::Policy& policy, const Fleet& fleet, const BootState& boot_state);

  void add(const PolicyReads& other);

  Read of(const ReadableParam& param) const;
  // Names below `host.`: "memory", "rack", "label.role", "name". For collections: "nic" (how many there are),
  // "nic.speed". Also "siblings()", for everything that this function reads.
  const std::set<std::string, std::less<>>& facts() const { return facts_; }
  // For each `… for setting`: the surfaces of which all settings are read, with all their fields.
  const std::set<Surfaces>& settings() const { return settings_; }
  // The collection that the policy is `for`, unless it is for hosts: "wireguard", "node".
  const std::string& scope() const { return scope_; }
  bool any_states() const { return !states_.empty(); }

 private:
  void add_expr(const ast::Expr& expr, const Fleet& fleet);
  void add_path(const ast::Path& path, const Fleet& fleet);
  void add_collection(const std::string& name);
  void add_rules(const ast::Policy& policy, const Fleet& fleet);

  std::set<std::string, std::less<>> names_;   // as they are in the text, without instances
  std::set<std::string, std::less<>> states_;  // of parameters with these names, whoever writes them
  std::set<std::string, std::less<>> facts_;
  std::string scope_;
  bool listeners_ = false;  // whether it reads every setting that listens
  std::set<Surfaces> settings_;
  const ast::Policy* policy_ = nullptr;  // while its text is read
  bool pair_ = false;                    // a.X and b.X belong to two hosts
};

}  // namespace tunec
