// Limits that a host has by itself: from its memory, its release, or a file of its distribution. Old guides
// raise limits to numbers that are by now lower than these.
#include <algorithm>
#include <map>

#include "catalogue/ordinary.h"
#include "check/checks.h"
#include "diagnostics/diag.h"
#include "plan/platform/boot_state.h"
#include "plan/platform/caveats.h"

namespace tunec {
namespace {

// Of several numbers in ascending order, as tcp_mem has them, the last is the limit.
const Value& limit_in(const Value& value) {
  const List* list = value.get_if<List>();
  return list == nullptr || list->items.empty() ? value : list->items.back();
}

class LoweredLimits {
 public:
  LoweredLimits(const CheckInput& input, Reporter& reporter) : input_(input), reporter_(reporter) {}

  // Hosts of one class differ only in their memory here; hosts with the same limit are named together.
  void check(const Setting& setting, const HostPlans& hosts) {
    if (setting.param->ordinary.empty() || setting.origin.unchecked) return;
    std::vector<std::pair<Value, HostPlans>> by_limit;
    for (const HostPlan* host : hosts) {
      if (caveat_for(*setting.param, setting.value, *host->facts->platform) != nullptr) continue;
      const auto limit = limit_of(setting, *host);
      const auto order = limit ? compare(limit_in(setting.value), limit_in(*limit)) : std::nullopt;
      if (!order || *order >= 0 || is_blamed(setting, host->name)) continue;
      const auto seen = std::ranges::find_if(by_limit,
                                             [&](const auto& group) { return same(group.first, *limit); });
      if (seen == by_limit.end()) by_limit.emplace_back(*limit, HostPlans{host});
      else seen->second.push_back(host);
    }
    for (const auto& [limit, lower] : by_limit) report(setting, limit, lower);
  }

 private:
  // Whether a warning or an error about this line was already reported for this host.
  bool is_blamed(const Setting& setting, const std::string& host) {
    if (!blamed_) {
      blamed_.emplace();
      for (Diagnostic& earlier : reporter_.sorted()) {
        if (earlier.severity < Severity::warning) continue;
        std::vector<std::string>& hosts = (*blamed_)[earlier.where];
        hosts.insert(hosts.end(), earlier.hosts.begin(), earlier.hosts.end());
        std::ranges::sort(hosts);
      }
    }
    const auto found = blamed_->find(user_place(setting.origin, input_.sources));
    return found != blamed_->end() && std::ranges::binary_search(found->second, host);
  }

  // A file of the distribution gives its value to every host.
  std::optional<Value> limit_of(const Setting& setting, const HostPlan& host) const {
    const Platform& platform = *host.facts->platform;
    for (const std::string& state : input_.boot_state.states_of(*setting.param, setting.name)) {
      for (const Write& write : input_.boot_state.chain(host, state)) {
        if (write.file != nullptr) return write.value;
      }
    }
    return ordinary_value(*setting.param, platform.kernel, platform.systemd, platform.os, host.facts->memory);
  }

  void report(const Setting& setting, const Value& limit, const HostPlans& hosts) {
    Draft draft = reporter_.report(user_place(setting.origin, input_.sources), diag::limit_lowered,
                                   setting.name, to_source(setting.value), to_source(limit_in(limit)));
    if (setting.value.is<List>()) draft.at("the last number is the limit");
    draft.key(setting.name + to_source(limit))
        .hosts(names_of(hosts), hosts.front()->facts->platform->describe(), through(setting.origin));
  }

  const CheckInput& input_;
  Reporter& reporter_;
  // By place: the hosts of everything that was reported before the first lowered limit.
  std::optional<std::map<Span, std::vector<std::string>>> blamed_;
};

}  // namespace

void check_lowered_limits(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  LoweredLimits limits(input, reporter);
  for_each_distinct_setting(
      plan, [&](const Setting& setting, const HostPlans& hosts) { limits.check(setting, hosts); });
}

}  // namespace tunec
