// The plan's builder has recorded dropped values. The other decisions are visible in the plan: settings
// contain the values that they were made from.
#include "plan/settle/decisions.h"

#include "plan/settle/placement.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace tunec {
namespace {

class Ledger {
 public:
  explicit Ledger(const Sources& sources) : sources_(sources) {}

  void add(Decision decision, const HostPlans& hosts) {
    if (hosts.empty()) return;
    decision.platform = hosts.front()->facts->platform->describe();
    auto key = std::tuple(decision.platform, decision.where, decision.name, decision.verdict,
                          to_source(decision.value), decision.instead, decision.why);
    Decision& entry = entries_.try_emplace(std::move(key), std::move(decision)).first->second;
    for (const HostPlan* host : hosts) entry.hosts.push_back(host->name);
  }

  // The values from which a setting was made, and those that it beat.
  void add(const Setting& setting, const HostPlans& hosts) {
    const auto made_of = [&](const Origin& origin) {
      if (setting.surface != setting.param->surface) {
        const std::string module(module_of(setting));
        const Platform& platform = *hosts.front()->facts->platform;
        const std::string why = platform.builds_in(module).value_or(false)
                                    ? fmt::format("module `{}` is built in", module)
                                : platform.module_in(module) == ModuleIn::unknown
                                    ? fmt::format("module `{}` may be built in", module)
                                    : fmt::format("`{}` is part of the kernel", module);
        add({{},
             Verdict::replaced,
             setting.name,
             setting.value,
             origin.where,
             setting.surface + "." + setting.key,
             why,
             {}},
            hosts);
      } else if (counts(origin)) {
        add({{}, Verdict::kept, setting.name, setting.value, origin.where, "", "", {}}, hosts);
      }
    };
    made_of(setting.origin);
    for (const Origin& origin : setting.also_set_by) made_of(origin);
    for (const Overridden& beaten : setting.overridden) {
      if (!counts(beaten.origin)) continue;
      add({{},
           Verdict::kept,
           setting.name,
           beaten.value,
           beaten.origin.where,
           "",
           fmt::format("{} at {} beats it", to_source(setting.value), sources_.place(setting.origin.where)),
           {}},
          hosts);
    }
  }

  std::vector<Decision> take() {
    std::vector<Decision> all;
    for (auto& [key, decision] : entries_) {
      std::ranges::sort(decision.hosts);
      all.push_back(std::move(decision));
    }
    return all;
  }

 private:
  // A value that moved was recorded under its old name.
  static bool counts(const Origin& origin) {
    return origin.only_where_available && origin.moved_from.empty();
  }

  const Sources& sources_;
  std::map<std::tuple<std::string, Span, std::string, Verdict, std::string, std::string, std::string>,
           Decision>
      entries_;
};

HostPlans named(const std::string& name, const HostPlans& hosts) {
  if (name.empty()) return hosts;
  return {*std::ranges::find(hosts, name, &HostPlan::name)};
}

}  // namespace

std::vector<Decision> decisions(const PlanWithNotes& planned, const Sources& sources) {
  Ledger ledger(sources);
  for (const HostPlans& hosts : hosts_by_class(planned.plan)) {
    for (const Dropped& dropped : planned.dropped.at(hosts.front()->host_class)) {
      const Verdict verdict = dropped.moved.empty() ? Verdict::dropped : Verdict::replaced;
      ledger.add(
          {{}, verdict, dropped.name, dropped.value, dropped.origin.where, dropped.moved, dropped.why, {}},
          named(dropped.host, hosts));
    }
  }
  for_each_distinct_setting(
      planned.plan, [&](const Setting& setting, const HostPlans& hosts) { ledger.add(setting, hosts); });
  return ledger.take();
}

}  // namespace tunec
