// What counts for an instance may be made of two values: its own, and one that the kernel reads beside it
// (`combines` of a record). A value that the other one makes void is a line that does nothing:
//
//   net.ipv4.conf.all.rp_filter = 1      and systemd's net.ipv4.conf.*.rp_filter = 2: the higher one counts
//
// An ordinary instance, which no line names, has the value of the line for each one, else the initial one.
#include <algorithm>

#include "check/checks.h"
#include "diagnostics/diag.h"
#include "plan/platform/boot_state.h"

namespace tunec {
namespace {

using Number = std::int64_t;

std::optional<Number> number_of(const Value& value) {
  if (const bool* on = value.get_if<bool>()) return *on ? 1 : 0;
  if (const auto* number = value.get_if<Number>()) return *number;
  return std::nullopt;
}

std::optional<Number> combined(CombineRule rule, Number common, Number own) {
  switch (rule) {
    case CombineRule::either: return common != 0 || own != 0 ? 1 : 0;
    case CombineRule::both: return common != 0 && own != 0 ? 1 : 0;
    case CombineRule::max: return std::max(common, own);
    case CombineRule::min: return std::min(common, own);
    case CombineRule::common_if_set: return common != 0 ? common : own;
    default: return std::nullopt;
  }
}

bool is_switch(CombineRule rule) { return rule == CombineRule::either || rule == CombineRule::both; }

const char* words(CombineRule rule) {
  switch (rule) {
    case CombineRule::either: return "it is on if either is";
    case CombineRule::both: return "it is on only if both are";
    case CombineRule::max: return "the higher one counts";
    case CombineRule::min: return "the lower one counts";
    default: return "that one counts unless it is 0";
  }
}

// One of the values that are combined, and who gives it.
struct Part {
  std::string name;
  Value value;
  std::optional<Write> writer{};  // nothing: the kernel's default
};

bool is_one(const Setting& setting) { return setting.param->role == MemberRole::one; }
bool takes_part(const Setting& setting) { return !setting.param->combines.empty(); }
const std::string& family_of(const ParamInfo& param) {
  return param.member_of.empty() ? param.name : param.member_of;
}

// The settings of one key, and the host that they hold on.
class Family {
 public:
  Family(const ParamInfo& generic, std::vector<const Setting*> settings, const HostPlan& host,
         const CheckInput& input)
      : generic_(generic), settings_(std::move(settings)), host_(host), input_(input) {
    if (const auto rule = find_rule()) {
      rule_ = *rule;
      common_ = part_of(MemberRole::common);
      each_ = part_of(MemberRole::each);
      initial_ = part_of(MemberRole::initial);
      // A pattern of the site matches these too, unless a line names them (sysctl.d(5)).
      const auto each = std::ranges::find(settings_, name_of(MemberRole::each), &Setting::name);
      for (std::optional<Part>* part : {&common_, &initial_}) {
        if (each != settings_.end() && *part && !(*part)->writer) (*part)->value = (*each)->value;
      }
    }
  }

  struct Void {
    std::vector<const Setting*> settings;  // of one role
    Part other;
    std::string instead;  // the parameter that would have to agree
  };
  // The settings that the kernel takes no notice of, if there are any.
  std::optional<Void> find() const {
    if (!rule_ || !common_) return std::nullopt;
    const Part* ordinary = each_ ? &*each_ : initial_ ? &*initial_ : nullptr;
    const Setting* common = setting_of(MemberRole::common);
    if (common != nullptr && ordinary != nullptr && !is_met_by_name(*common) &&
        !holds(*common, common->value, ordinary->value))
      return Void{{common}, *ordinary, name_of(MemberRole::each)};
    std::vector<const Setting*> beaten;
    for (const Setting* setting : settings_) {
      if (setting->param->role == MemberRole::common) continue;
      const bool is_overtaken = setting->param->role == MemberRole::initial && each_;
      if (is_overtaken && common == nullptr && !holds(*setting, common_->value, each_->value))
        return Void{{setting}, *each_, name_of(MemberRole::each)};
      if (!is_overtaken && !holds(*setting, common_->value, setting->value)) beaten.push_back(setting);
    }
    if (beaten.empty()) return std::nullopt;
    return Void{std::move(beaten), *common_, name_of(MemberRole::common)};
  }
  CombineRule rule() const { return *rule_; }

 private:
  std::optional<CombineRule> find_rule() const {
    const auto& kernel = host_.facts->platform->kernel;
    for (const Combination& combination : generic_.combines) {
      if (combination.linux_ && !(kernel && combination.linux_->contains(*kernel))) continue;
      if (!combination.where.empty() && !is_on(combination.where)) continue;
      if (combined(combination.rule, 0, 0)) return combination.rule;
      return std::nullopt;
    }
    return std::nullopt;
  }

  bool is_on(const std::string& name) const {
    const ParamInfo* param = input_.catalogue.find(name);
    const auto found = param == nullptr ? std::nullopt : input_.boot_state.stand_in(host_, *param, name);
    return found && number_of(found->value).value_or(0) != 0;
  }

  // As a setting is called: conf.all, conf(*).
  std::string name_of(MemberRole role) const {
    std::string name = generic_.name;
    const auto member = std::ranges::find(generic_.members, role, &Member::role);
    if (member == generic_.members.end()) return {};
    const bool own_record = role != MemberRole::each;
    name.replace(name.find("()"), 2, own_record ? "." + member->instance : "(" + member->instance + ")");
    return name;
  }

  std::optional<Part> part_of(MemberRole role) const {
    const std::string name = name_of(role);
    const ParamInfo* param = role == MemberRole::each ? &generic_ : input_.catalogue.find(name);
    if (name.empty() || param == nullptr) return std::nullopt;
    for (const std::string& state : input_.boot_state.states_of(*param, name)) {
      auto chain = input_.boot_state.chain(host_, state);
      if (!chain.empty()) return Part{name, chain.back().value, chain.back()};
    }
    if (role == MemberRole::each) return std::nullopt;  // then there is no such line
    const Platform& platform = *host_.facts->platform;
    const Value* value = param->default_value(platform.kernel, platform.os);
    return value == nullptr ? std::nullopt : std::optional(Part{name, *value});
  }

  const Setting* setting_of(MemberRole role) const {
    const auto found = std::ranges::find(settings_, role, [](const Setting* s) { return s->param->role; });
    return role == MemberRole::one || found == settings_.end() ? nullptr : *found;
  }

  // Whether instances that the site names have what the common value asks for: then it means just these.
  bool is_met_by_name(const Setting& common) const {
    return std::ranges::any_of(settings_, [&](const Setting* setting) {
      return is_one(*setting) && setting->name != name_of(MemberRole::each) &&
             holds(common, common.value, setting->value);
    });
  }

  bool holds(const Setting& setting, const Value& common, const Value& own) const {
    const auto wanted = number_of(setting.value), a = number_of(common), b = number_of(own);
    if (!wanted || !a || !b) return true;
    const auto result = combined(*rule_, *a, *b);
    return is_switch(*rule_) ? (*result != 0) == (*wanted != 0) : *result == *wanted;
  }

  const ParamInfo& generic_;
  std::vector<const Setting*> settings_;
  const HostPlan& host_;
  const CheckInput& input_;
  std::optional<CombineRule> rule_;
  std::optional<Part> common_, each_, initial_;
};

class CombinedValues {
 public:
  CombinedValues(const CheckInput& input, Reporter& reporter) : input_(input), reporter_(reporter) {}

  void check(const HostPlans& hosts) {
    HostPlans alike;
    for (const HostPlan* host : hosts) {
      if (std::ranges::any_of(host->own, takes_part)) check_alike({host});
      else alike.push_back(host);
    }
    if (!alike.empty()) check_alike(alike);
  }

 private:
  void check_alike(const HostPlans& hosts) {
    std::map<std::string_view, std::vector<const Setting*>> families;
    for (const Setting* setting : hosts.front()->settings) {
      if (takes_part(*setting)) families[family_of(*setting->param)].push_back(setting);
    }
    for (auto& [name, settings] : families) {
      const ParamInfo* generic = input_.catalogue.find(name);
      if (generic == nullptr) continue;
      const Family family(*generic, std::move(settings), *hosts.front(), input_);
      if (const auto found = family.find()) report(*found, family.rule(), hosts);
    }
  }

  void report(const Family::Void& found, CombineRule rule, const HostPlans& hosts) {
    const Setting& setting = *found.settings.front();
    const Part& other = found.other;
    const std::string value = to_source(setting.value);
    Draft draft = reporter_.report(user_place(setting.origin, input_.sources), diag::combined_away,
                                   setting.name, value, other.name, to_source(other.value), words(rule));
    draft.key(setting.name)
        .hosts(names_of(hosts), hosts.front()->facts->platform->describe(), through(setting.origin));
    if (!other.writer) {
      draft.note(fmt::format("`{}` = {} is the kernel's default", other.name, to_source(other.value)));
    } else if (other.writer->setting != nullptr) {
      draft.label(user_place(other.writer->setting->origin, input_.sources), "the other one");
    } else {
      draft.note(fmt::format("{}, of the package {}, sets `{}` = {}",
                             other.writer->by(input_.boot_state.order()), other.writer->file->package,
                             other.name, to_source(other.value)));
    }
    for (std::size_t i = 1; i < found.settings.size(); ++i) {
      const Setting& alike = *found.settings[i];
      draft.label(user_place(alike.origin, input_.sources), fmt::format("nor does `{}`", alike.name));
    }
    const std::size_t open = found.instead.find('(');
    std::string line = found.instead;
    if (open != std::string::npos) line.insert(open + 1, "\"").insert(line.find(')'), "\"");
    draft.help(fmt::format("write `{} = {}` too", line, value));
  }

  const CheckInput& input_;
  Reporter& reporter_;
};

}  // namespace

void check_combined_values(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  CombinedValues values(input, reporter);
  for (const HostPlans& hosts : hosts_by_class(plan)) values.check(hosts);
}

}  // namespace tunec
