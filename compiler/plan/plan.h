// What every host gets: one Setting per parameter, with where it comes from and what it beat.
// Settings are shared by all hosts of a class; a HostPlan holds pointers into its class's settings and its
// own few.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "base/value.h"
#include "catalogue/param.h"
#include "machine/facts.h"
#include "plan/origin.h"

namespace tunec {

struct Overridden {
  Value value;
  Origin origin;
};

struct Setting {
  const ParamInfo* param = nullptr;
  std::string name;                    // "wireguard(wg0).mtu"
  std::vector<std::string> instances;  // {"wg0"}
  // The carrier on this host: the record's, or another that does the same there
  std::string surface;
  std::string key;  // the target's name, instances filled in
  Value value;      // typed: after check() a value of the record's type
  Origin origin;
  std::vector<Origin> agreeing;  // others that gave the same value, or a part of it
  std::vector<Overridden> overridden;
};

struct HostPlan {
  std::string name;
  Span declared;
  std::vector<std::string> groups;
  std::shared_ptr<const Facts> facts;
  std::shared_ptr<const Labels> labels;
  std::size_t host_class = 0;            // hosts of one number share what is not their own
  std::vector<const Setting*> settings;  // sorted by name
  std::vector<std::shared_ptr<const std::vector<Setting>>> storage;  // keeps them alive

  // What a mistake, reported already, kept from being set
  std::vector<std::string> spoiled;

  const Setting* find(std::string_view name) const;
};

struct Plan {
  std::string site;
  std::vector<HostPlan> hosts;  // sorted by name
};

// The hosts of each class, by class number; sorted by name.
std::vector<std::vector<const HostPlan*>> hosts_by_class(const Plan& plan);

}  // namespace tunec
