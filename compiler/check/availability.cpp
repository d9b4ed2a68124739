// Each distinct setting is checked once, for all hosts that it holds on. They are of one class, and so of one
// platform; only their memory may differ.
#include <algorithm>
#include <optional>
#include <unordered_map>

#include "base/units.h"
#include "check/caveat_report.h"
#include "check/checks.h"
#include "check/idle_lines.h"
#include "check/module_names.h"
#include "check/risks.h"
#include "diagnostics/diag.h"
#include "plan/platform/caveats.h"
#include "plan/platform/presence.h"

namespace tunec {
namespace {

class Availability {
 public:
  Availability(const Plan& plan, const CheckInput& input, Reporter& reporter)
      : input_(input),
        reporter_(reporter),
        risks_(input, reporter),
        lines_(plan, input.sources),
        modules_(input, lines_, reporter) {}

  // `unchecked` overrules what the catalogue contains, except risks: these remain.
  void check(const Setting& setting, const HostPlans& all) {
    const Platform& platform = *all.front()->facts->platform;
    modules_.check(setting, all);
    const Value value = setting.origin.unchecked ? as_boolean(setting) : setting.value;
    HostPlans waived;
    const HostPlans* hosts = &all;
    for (const Caveat& caveat : setting.param->caveats) {
      const bool of_an_item = caveat.value && setting.param->names != ModuleUse::none;  // see ModuleNames
      if ((setting.origin.unchecked && caveat.fate != Fate::unsafe) || of_an_item ||
          !applies(caveat, value, platform))
        continue;
      if (caveat.fate != Fate::unsafe) return report(caveat, setting, *hosts);
      waived = risks_.check(setting, caveat, *hosts);
      hosts = &waived;
      if (hosts->empty()) return;
    }
    if (setting.origin.unchecked) return;
    if (!check_presence(setting, platform, *hosts)) return;
    if (setting.param->within_memory) check_amount(setting, *hosts);
    modules_.note_owner_from_elsewhere(setting, *hosts);
    modules_.note_unknown_owner(setting, *hosts);
  }

  void report_risks() { risks_.report(); }

 private:
  void report(const Caveat& caveat, const Setting& setting, const HostPlans& hosts) {
    Draft draft = report_caveat(
        {fmt::format("`{}`", setting.name), fmt::format("`{}` = {}", setting.name, to_source(setting.value)),
         setting.name},
        user_place(setting.origin, input_.sources), caveat, setting, hosts, reporter_);
    const bool of_value = caveat.value || caveat.lowest || caveat.highest || caveat.by_node;
    const bool is_idle = caveat.fate == Fate::absent || caveat.fate == Fate::ignored;
    if (!caveat.moved.empty()) return lines_.offer_name(draft, setting, hosts, caveat.moved);
    if (!of_value && is_idle && caveat.instead.starts_with("delete the line"))
      lines_.offer(draft, setting, hosts, caveat.fate == Fate::absent && !is_still_to_come(caveat));
  }

  // Whether a later release, or another configuration, has it.
  static bool is_still_to_come(const Caveat& caveat) {
    if (!caveat.config.empty() || !caveat.builtin.empty()) return true;
    return std::ranges::none_of(
        std::initializer_list{&caveat.linux_, &caveat.libvirt, &caveat.systemd, &caveat.qemu},
        [](const auto* versions) { return *versions && (*versions)->since; });
  }

  // An `unchecked` value stays as it was written; 1 and 0 are read as on and off where those are meant.
  static Value as_boolean(const Setting& setting) {
    const auto* number = setting.value.get_if<std::int64_t>();
    const bool is_boolean = setting.param->type == ValueType::boolean && number != nullptr &&
                            (*number == 0 || *number == 1);
    return is_boolean ? Value{*number == 1} : setting.value;
  }

  template <class D, class... Args>
  Draft begin(const Setting& setting, const D& diagnostic, const Platform& platform, const HostPlans& hosts,
              Args&&... args) {
    Draft draft = reporter_.report(user_place(setting.origin, input_.sources), diagnostic,
                                   std::forward<Args>(args)...);
    draft.key(setting.name).hosts(names_of(hosts), platform.describe(), through(setting.origin));
    return draft;
  }

  // Whether the harvested releases have it. False if this reported something.
  bool check_presence(const Setting& setting, const Platform& platform, const HostPlans& hosts) {
    const Presence found = presence(*setting.param, platform, input_.catalogue);
    if (found.kind == Presence::Kind::there || found.kind == Presence::Kind::unmeasured) return true;
    if (platform.faulty) return false;
    const std::string& name = setting.name;
    const std::string on = found.own != nullptr ? found.own->describe() : consumer_of(found, platform);
    switch (found.kind) {
      case Presence::Kind::never:
        begin(setting, diag::parameter_absent, platform, hosts, fmt::format("`{}`", name), on)
            .at(why_missing(found));
        break;
      case Presence::Kind::gone: {
        Draft draft = begin(setting, diag::parameter_removed, platform, hosts, name, on);
        draft.at(why_missing(found)).help(where_it_exists);
        lines_.offer(draft, setting, hosts, true);
        break;
      }
      case Presence::Kind::not_yet: {
        Draft draft = begin(setting, diag::parameter_too_new, platform, hosts, on, name);
        draft.at(why_missing(found)).help(where_it_exists);
        lines_.offer(draft, setting, hosts, false);
        break;
      }
      case Presence::Kind::gated: {
        Draft draft = begin(setting, diag::parameter_gated, platform, hosts, name, found.option, on);
        draft.at(why_missing(found));
        lines_.offer(draft, setting, hosts, false);
        break;
      }
      case Presence::Kind::between:
        begin(setting, diag::presence_not_known, platform, hosts, consumer_of(found, platform), name)
            .at(fmt::format("{} has it, {} has not", found.with->describe(), found.without->describe()));
        break;
      case Presence::Kind::no_module: modules_.report_missing_owner(setting, found, hosts); break;
      case Presence::Kind::read_only: {
        Draft draft = begin(setting, diag::parameter_read_only, platform, hosts, name, on);
        draft.at("writing it fails");
        lines_.offer(draft, setting, hosts, true);
        break;
      }
      default: break;
    }
    return false;
  }

  static constexpr const char* where_it_exists =
      "delete the line, or write `where available` behind the value to set it where it exists";

  static std::string consumer_of(const Presence& found, const Platform& platform) {
    const Release* near = found.with != nullptr ? found.with : found.without;
    const std::string subject = near == nullptr ? "linux" : near->subject;
    if (subject == "libvirt" && platform.libvirt) return "libvirt " + platform.libvirt->text;
    if (subject == "systemd" && platform.systemd) return "systemd " + platform.systemd->text;
    return "Linux " + platform.kernel.value_or(Version{}).text;
  }

  // Bytes given where pages or KiB are counted exceed the machine's memory.
  void check_amount(const Setting& setting, const HostPlans& hosts) {
    const auto unit = unit_named(setting.param->unit);
    if (!unit || unit->dimension != Dimension::size) return;
    const List* list = setting.value.get_if<List>();
    std::int64_t most = 0;
    for (const Value& item : list != nullptr ? list->items : std::vector<Value>{setting.value})
      most = std::max(most, base_number(item).value_or(0));
    std::vector<HostPlans> too_small;  // each entry: hosts of one memory size
    std::unordered_map<std::int64_t, std::size_t> by_memory;
    for (const HostPlan* host : hosts) {
      const std::int64_t memory = host->facts->memory;
      if (memory <= 0 || memory >= most) continue;
      const auto [size, first] = by_memory.try_emplace(memory, too_small.size());
      if (first) too_small.emplace_back();
      too_small[size->second].push_back(host);
    }
    for (const HostPlans& same_size : too_small) report_amount(setting, most / unit->base, same_size);
  }

  void report_amount(const Setting& setting, std::int64_t count, const HostPlans& hosts) {
    const Facts& facts = *hosts.front()->facts;
    Draft draft = begin(
        setting, diag::wrong_unit, *facts.platform, hosts, setting.name, to_source(setting.value),
        fmt::format("{} {}", count, setting.param->unit == "page" ? "pages of 4 KiB" : setting.param->unit),
        to_source(Value{Bytes{facts.memory}}));
    draft.at(fmt::format("a number without a unit counts {}",
                         setting.param->unit == "page" ? "pages of 4 KiB" : setting.param->unit));
    if (count > facts.memory) return;
    const std::string bytes = to_source(Value{Bytes{count}});
    draft.help(fmt::format("if bytes were meant, write the unit: {}", bytes))
        .fix({Edit::Kind::value, user_place(setting.origin, input_.sources), bytes, std::to_string(count)},
             Certainty::likely);
  }

  const CheckInput& input_;
  Reporter& reporter_;
  Risks risks_;
  IdleLines lines_;
  ModuleNames modules_;
};

}  // namespace

void check_availability(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  Availability availability(plan, input, reporter);
  for_each_distinct_setting(
      plan, [&](const Setting& setting, const HostPlans& hosts) { availability.check(setting, hosts); });
  availability.report_risks();
}

}  // namespace tunec
