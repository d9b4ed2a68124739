// Hosts that may go together through what disturbs their guests: every pool keeps its promised share in each
// wave, and no two hosts of one failure domain are in the same wave, nor two that a policy keeps in different
// ones (kept_apart.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/fraction.h"
#include "review/effect_kinds.h"
#include "review/review.h"

namespace tunec {

struct WaveOptions {
  int keep_percent = 75;                     // of each pool's CPUs; of the hosts' own for hosts of no pool
  std::vector<std::string> domains{"rack"};  // labels; hosts without one are a domain each
};

struct PoolShare {
  std::string pool;                // empty: the hosts that are in no pool
  std::string cpus_text;           // "512 CPUs", "40 hosts" where no host's CPUs are known
  std::size_t kept_percent = 100;  // in the wave that takes the most
  bool is_kept = true;             // false: one host alone is more than may go
};

struct Waves {
  std::vector<std::vector<std::string>> waves;  // names of hosts, sorted
  std::vector<PoolShare> pools;                 // that hosts of the waves give to, by name
  std::vector<std::string> domains;             // labels that hosts of the waves have
  std::vector<std::string> policies;            // that keep hosts of the waves apart, by name
};

// A label as facts call it: "rack", "label.asset" of asset.
std::string domain_label(const std::string& name);

// Pools are as they are before the change: that is what runs while hosts go. A rack is one on either side.
Waves waves_of(const Review& review, const Plan& before, const Side& after, const EffectKinds& kinds,
               const WaveOptions& options);

}  // namespace tunec
