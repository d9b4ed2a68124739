// What a policy reads of a host, found in the policy's text: facts, labels and settings.
//
// Comes in: a policy, and the constants of the site that it may name. Goes out: names. Hosts that agree in
// all that a policy reads get the same verdict from it (check/policy/host_groups.h). The text can only name
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

// How much of a host's settings of one parameter a policy reads: whether they are there, or their values too.
enum class Read { nothing, presence, value };

// A parameter as a policy's text can name it.
struct ReadableParam {
  explicit ReadableParam(const ParamInfo& param);

  const ParamInfo* param;
  std::string name;              // wireguard.peer.endpoint of wireguard().peer().endpoint
  std::string collection;        // wireguard: `for wireguard` goes over its instances
  std::string inner;             // peer.endpoint, in a policy `for wireguard`; empty if it has one instance
  std::string inner_collection;  // peer
  std::set<std::string, std::less<>> states;  // that settings of it write (plan/platform/boot_state.h)
};

// Names of surfaces; nothing: all of them.
using Surfaces = std::optional<std::set<std::string, std::less<>>>;
// The surfaces that a condition on settings leaves, as in `setting.surface in [boot, module] and …`. A `let`
// can have the name of a surface; its value is not looked into.
Surfaces surfaces_in(const ast::Expr& where, const ast::Policy& policy, const Fleet& fleet);

class PolicyReads {
 public:
  PolicyReads() = default;
  // Of a policy for the fleet, only what `where` and `per` read, to choose hosts and to put them in groups:
  // its rules then look at all of these.
  PolicyReads(const ast::Policy& policy, const Fleet& fleet, const BootState& boot_state);

  void add(const PolicyReads& other);

  Read of(const ReadableParam& param) const;
  // Names below `host.`: "memory", "rack", "label.role", "name"; of collections: "nic" (how many there are),
  // "nic.speed"; and "siblings()" for what that function reads.
  const std::set<std::string, std::less<>>& facts() const { return facts_; }
  // `… for setting`: each time, of which surfaces all settings are read, with all that is known of them.
  const std::set<Surfaces>& settings() const { return settings_; }
  // What the policy is `for`, if not for hosts: "wireguard", "node".
  const std::string& scope() const { return scope_; }
  bool any_states() const { return !states_.empty(); }

 private:
  void add_expr(const ast::Expr& expr, const Fleet& fleet);
  void add_path(const ast::Path& path, const Fleet& fleet);
  void add_collection(const std::string& name);
  void add_rules(const ast::Policy& policy, const Fleet& fleet);

  std::set<std::string, std::less<>> names_;   // as the text has them, without instances
  std::set<std::string, std::less<>> states_;  // of parameters of these names, whoever writes them
  std::set<std::string, std::less<>> facts_;
  std::string scope_;
  bool listeners_ = false;  // every setting that listens
  std::set<Surfaces> settings_;
  const ast::Policy* policy_ = nullptr;  // while its text is looked at
  bool pair_ = false;                    // a.X and b.X are of two hosts
};

}  // namespace tunec
