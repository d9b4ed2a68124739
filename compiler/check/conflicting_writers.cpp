// Two writers that set one state to different values: two settings of the site (an error that names both), or
// a setting and a file of the distribution that comes after it. A state that has one writer cannot conflict;
// the others are checked once per class, and once for each host whose own settings write them.
#include <algorithm>

#include "check/checks.h"
#include "diagnostics/diag.h"
#include "plan/platform/boot_state.h"

namespace tunec {
namespace {

class ConflictingWriters {
 public:
  ConflictingWriters(const CheckInput& input, Reporter& reporter)
      : boot_state_(input.boot_state), input_(input), reporter_(reporter) {}

  void check(const HostPlans& hosts) {
    std::vector<std::pair<std::string_view, HostPlans>> by_themselves;
    for (const auto* contested : boot_state_.contested(*hosts.front())) {
      const auto& [state, settings] = *contested;
      const auto sets_its_own = [&](const HostPlan* host) {
        return std::ranges::any_of(settings, [&](const std::string& name) {
          return std::ranges::binary_search(host->own, name, {}, &Setting::name);
        });
      };
      HostPlans alike, others;
      for (const HostPlan* host : hosts) (sets_its_own(host) ? others : alike).push_back(host);
      if (!alike.empty()) check_state(state, alike);
      if (!others.empty()) by_themselves.emplace_back(state, std::move(others));
    }
    for (const auto& [state, others] : by_themselves) {
      for (const HostPlan* host : others) check_state(state, {host});
    }
  }

 private:
  void check_state(std::string_view state, const HostPlans& hosts) {
    const std::vector<Write> chain = boot_state_.chain(*hosts.front(), state);
    if (chain.size() < 2) return;
    const Write& last = chain.back();
    std::vector<const Write*> lost;
    for (const Write& write : chain) {
      if (write.setting != nullptr && !write.is_passing && !may_lose(*write.setting) &&
          !agree(write.value, last.value))
        lost.push_back(&write);
    }
    if (!lost.empty()) report(lost, last, hosts);
  }

  void report(const std::vector<const Write*>& lost, const Write& last, const HostPlans& hosts) {
    const Setting& first = *lost.front()->setting;
    const Span where = place(first);
    const std::string value = to_source(first.value), final_value = to_source(last.own);
    Draft draft = last.setting != nullptr ? reporter_.report(where, diag::carriers_disagree, first.name,
                                                             value, last.name, final_value)
                                          : reporter_.report(where, diag::shadowed, first.name, value,
                                                             last.file->file, last.file->platform);
    draft.key(fmt::format("{} {} {}", first.name, last.name, final_value))
        .hosts(names_of(hosts), hosts.front()->facts->platform->describe(), through(first.origin));
    draft.at(by(*lost.front()));
    std::vector<Span> shown{where};
    const auto label = [&](const Setting& setting, std::string text) {
      if (std::ranges::find(shown, place(setting)) != shown.end())
        return draft.note(fmt::format("`{}` = {} {}", setting.name, to_source(setting.value), text)), void();
      shown.push_back(place(setting));
      draft.label(shown.back(), std::move(text));
    };
    for (std::size_t i = 1; i < lost.size(); ++i) label(*lost[i]->setting, by(*lost[i]));
    if (last.setting != nullptr) {
      const bool later = last.turn != lost.front()->turn;
      label(*last.setting, fmt::format("{}, {}: the machine ends up with {}", by(last),
                                       later ? "which comes later" : "on a later line", final_value));
      draft.help("keep one of them, or make them say the same");
      return;
    }
    draft.note(fmt::format("{}, of the package {}, sets `{}` = {}", last.by(boot_state_.order()),
                           last.file->package, last.name, final_value));
    const Stage* stage = boot_state_.order().stage(boot_state_.order().surface_of_files());
    if (last.file->file < stage->file) {
      draft.help(fmt::format("set `{}`: {} comes after that file", last.name, stage->name));
    } else {
      draft.help(
          fmt::format("delete the line; or hide that file on the host (`ln -s /dev/null /etc/{}`) and write "
                      "`unchecked {} = {} because \"…\"`",
                      last.by(boot_state_.order()), first.name, value));
    }
  }

  Span place(const Setting& setting) const { return user_place(setting.origin, input_.sources); }
  std::string by(const Write& write) const { return "by " + write.by(boot_state_.order()); }

  const BootState& boot_state_;
  const CheckInput& input_;
  Reporter& reporter_;
};

}  // namespace

void check_conflicting_writers(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  ConflictingWriters writers(input, reporter);
  for (const auto& hosts : hosts_by_class(plan)) writers.check(hosts);
}

}  // namespace tunec
