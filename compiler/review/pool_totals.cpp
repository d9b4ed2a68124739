#include "review/pool_totals.h"

#include <algorithm>
#include <map>

namespace tunec {
namespace {

struct Sum {
  std::int64_t count = 0;
  bool is_size = false;
  std::size_t hosts = 0;

  std::string text() const { return is_size ? to_text(Value{Bytes{count}}) : std::to_string(count); }
};
using Sums = std::map<std::pair<std::string, std::size_t>, Sum>;  // by pool and number of the parameter

Sums sums_of(const Plan& plan, const std::vector<std::string>& parameters) {
  Sums sums;
  for_each_distinct_setting(plan, [&](const Setting& setting, const HostPlans& hosts) {
    const auto parameter = std::ranges::find(parameters, setting.param->name);
    if (parameter == parameters.end() || setting.instances.empty()) return;
    const auto* number = setting.value.get_if<std::int64_t>();
    const auto* size = setting.value.get_if<Bytes>();
    if (number == nullptr && size == nullptr) return;
    Sum& sum = sums[{setting.instances.front(), static_cast<std::size_t>(parameter - parameters.begin())}];
    sum.count += (size != nullptr ? size->count : *number) * std::ssize(hosts);
    sum.is_size = size != nullptr;
    sum.hosts += hosts.size();
  });
  return sums;
}

}  // namespace

std::vector<PoolTotal> pool_totals(const Plan& before, const Plan& after, const EffectKinds& kinds) {
  const std::vector<std::string>& parameters = kinds.pool_sums();
  Sums old = sums_of(before, parameters), now = sums_of(after, parameters);
  for (const auto& [key, sum] : old) now.try_emplace(key, Sum{0, sum.is_size, 0});
  std::vector<PoolTotal> totals;
  for (const auto& [key, sum] : now) {
    const Sum was = old.try_emplace(key, Sum{0, sum.is_size, 0}).first->second;
    if (was.count != sum.count)
      totals.push_back({key.first, parameters[key.second], was.text(), sum.text(), was.hosts, sum.hosts});
  }
  return totals;
}

}  // namespace tunec
