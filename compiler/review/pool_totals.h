// What the pools of a fleet promise in total, before and after: what new hosts bring, what hosts take along
// that go, and what a pool grows or shrinks by.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"
#include "review/effect_kinds.h"

namespace tunec {

struct PoolTotal {
  std::string pool, parameter;  // "gold", "pool().cpus"
  std::string before, after;    // "128", "512GiB"; "0" of a pool that is not there
  std::size_t hosts_before = 0, hosts_after = 0;
};

// Those that differ, by pool and then as review.yaml names them.
std::vector<PoolTotal> pool_totals(const Plan& before, const Plan& after, const EffectKinds& kinds);

}  // namespace tunec
