// Each host goes into the first wave that has room for it: in its pools, and in its failure domains. First
// fit is not the least number of waves, but the same hosts always give the same waves, and people can follow
// it.
#include "review/waves.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/table.h"
#include "review/kept_apart.h"

namespace tunec {
namespace {

// A pool that a host gives to, and how much.
struct Share {
  std::string pool;  // empty: the host is in none
  std::int64_t cpus;
};

class WaveMaker {
 public:
  WaveMaker(const Plan& before, const Side& after, const EffectKinds& kinds, const WaveOptions& options)
      : kinds_(kinds), options_(options), apart_(after, labels_of(options)) {
    for (const HostPlan& host : before.hosts) {
      for (const Share& share : shares_of(host)) total_[share.pool] += share.cpus;
    }
  }

  void place(const HostPlan& host, const HostPlan& after) {
    std::vector<std::string> claims = domains_of(host);
    for (std::string& claim : domains_of(after)) {
      if (std::ranges::find(claims, claim) == claims.end()) claims.push_back(std::move(claim));
    }
    for (const KeptApart::Group& group : apart_.groups_of(after)) {
      policies_.insert(group.policy);
      claims.push_back(fmt::format("policy {} {}", group.policy, group.name));
    }
    const std::vector<Share> shares = shares_of(host);
    std::size_t wave = 0;
    for (const std::string& claim : claims) wave = std::max(wave, first_free_[claim]);
    while (wave < waves_.size() && !fits(shares, claims, wave)) ++wave;
    if (wave == waves_.size()) waves_.emplace_back();
    Wave& chosen = waves_[wave];
    chosen.hosts.push_back(after.name);
    for (const Share& share : shares) chosen.taken[share.pool] += share.cpus;
    for (std::string& claim : claims) {
      // Later hosts of the domain need not look at the waves before
      std::size_t& free = first_free_[claim];
      if (free == wave) ++free;
      chosen.domains.insert(std::move(claim));
    }
  }

  Waves take() {
    Waves result;
    std::map<std::string, std::int64_t> most;
    for (Wave& wave : waves_) {
      for (const auto& [pool, taken] : wave.taken) most[pool] = std::max(most[pool], taken);
      result.waves.push_back(std::move(wave.hosts));
    }
    for (const auto& [pool, taken] : most) {
      const std::int64_t total = total_.at(pool);
      result.pools.push_back({pool, counted(static_cast<std::size_t>(total), "CPU"),
                              static_cast<std::size_t>((total - taken) * 100 / total),
                              taken <= allowed(total)});
    }
    for (const std::string& domain : options_.domains) {
      if (domains_.contains(domain)) result.domains.push_back(domain);
    }
    result.policies.assign(policies_.begin(), policies_.end());
    return result;
  }

 private:
  static std::vector<std::string> labels_of(const WaveOptions& options) {
    std::vector<std::string> labels;
    for (const std::string& domain : options.domains) labels.push_back(domain_label(domain));
    return labels;
  }

  struct Wave {
    std::vector<std::string> hosts;
    std::map<std::string, std::int64_t> taken;  // CPUs of each pool
    std::set<std::string> domains;
  };

  std::int64_t allowed(std::int64_t total) const { return total * (100 - options_.keep_percent) / 100; }

  // A wave can always take one host of a pool: one of two hosts cannot keep three quarters.
  bool fits(const std::vector<Share>& shares, const std::vector<std::string>& claims,
            std::size_t number) const {
    const Wave& wave = waves_[number];
    const auto is_claimed = [&](const std::string& claim) { return wave.domains.contains(claim); };
    if (std::ranges::any_of(claims, is_claimed)) return false;
    return std::ranges::all_of(shares, [&](const Share& share) {
      const auto taken = wave.taken.find(share.pool);
      return taken == wave.taken.end() || taken->second + share.cpus <= allowed(total_.at(share.pool));
    });
  }

  std::vector<Share> shares_of(const HostPlan& host) const {
    std::vector<Share> shares;
    const std::int64_t own = std::max(1, host.facts->cpus.size());
    for (const Setting* setting : host.settings) {
      if (setting->param->name != kinds_.pool_parameter() || setting->instances.empty()) continue;
      const auto* cpus = setting->value.get_if<std::int64_t>();
      shares.push_back({setting->instances.front(), cpus != nullptr && *cpus > 0 ? *cpus : own});
    }
    if (shares.empty()) shares.push_back({"", own});
    return shares;
  }

  std::vector<std::string> domains_of(const HostPlan& host) {
    std::vector<std::string> claims;
    for (const std::string& domain : options_.domains) {
      const Value value = host.labels ? label(*host.labels, domain_label(domain)) : Value{Poison{}};
      if (value.poisoned()) continue;
      domains_.insert(domain);
      claims.push_back(fmt::format("{} {}", domain, to_text(value)));
    }
    return claims;
  }

  const EffectKinds& kinds_;
  const WaveOptions& options_;
  KeptApart apart_;
  std::set<std::string> domains_, policies_;  // that hosts of the waves have
  std::vector<Wave> waves_;
  std::map<std::string, std::int64_t> total_;      // CPUs of each pool
  std::map<std::string, std::size_t> first_free_;  // of each domain
};

}  // namespace

std::string domain_label(const std::string& name) { return is_label(name) ? name : "label." + name; }

Waves waves_of(const Review& review, const Plan& before, const Side& after, const EffectKinds& kinds,
               const WaveOptions& options) {
  std::set<std::string_view> disturbed;
  for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
    if (kinds[kind].disturbs)
      disturbed.insert(review.hosts_by_effect[kind].begin(), review.hosts_by_effect[kind].end());
  }
  std::map<std::string_view, std::string_view> old_names;
  for (const RenamedHost& host : review.renamed) old_names[host.after] = host.before;
  WaveMaker maker(before, after, kinds, options);
  for (const HostPlan& host : after.plan.hosts) {
    if (!disturbed.contains(host.name)) continue;
    const auto renamed = old_names.find(host.name);
    const std::string_view name = renamed == old_names.end() ? std::string_view(host.name) : renamed->second;
    const auto was = std::ranges::lower_bound(before.hosts, name, {}, &HostPlan::name);
    if (was != before.hosts.end() && was->name == name) maker.place(*was, host);
  }
  return maker.take();
}

}  // namespace tunec
