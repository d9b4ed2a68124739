#include "check/value_family.h"

#include <algorithm>

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

bool is_one(const Setting& setting) { return setting.param->role == MemberRole::one; }

}  // namespace

bool takes_part(const Setting& setting) { return !setting.param->combines.empty(); }

const std::string& family_of(const ParamInfo& param) {
  return param.member_of.empty() ? param.name : param.member_of;
}

ValueFamily::ValueFamily(const ParamInfo& generic, std::vector<const Setting*> settings, const HostPlan& host,
                         const Catalogue& catalogue, const BootState& boot_state)
    : generic_(generic),
      settings_(std::move(settings)),
      host_(host),
      catalogue_(catalogue),
      boot_state_(boot_state) {
  if (const auto rule = find_rule()) {
    rule_ = *rule;
    common_ = part_of(MemberRole::common);
    each_ = part_of(MemberRole::each);
    initial_ = part_of(MemberRole::initial);
    // A pattern of the site also matches these members, unless a line names them (sysctl.d(5)).
    const auto each = std::ranges::find(settings_, name_of(MemberRole::each), &Setting::name);
    for (std::optional<Part>* part : {&common_, &initial_}) {
      if (each != settings_.end() && *part && !(*part)->writer) (*part)->value = (*each)->value;
    }
  }
}

std::optional<ValueFamily::Void> ValueFamily::find() const {
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

std::optional<ValueFamily::Beside> ValueFamily::beside(const Setting& setting) const {
  if (!rule_ || !common_) return std::nullopt;
  const bool is_common = setting.param->role == MemberRole::common;
  const std::optional<Part>& other = !is_common ? common_ : each_ ? each_ : initial_;
  if (!other) return std::nullopt;
  const auto own = number_of(setting.value), others = number_of(other->value);
  const auto result = own && others ? combined(*rule_, is_common ? *own : *others, is_common ? *others : *own)
                                    : std::nullopt;
  if (!result) return std::nullopt;
  return Beside{*other, setting.value.is<bool>() ? Value{*result != 0} : Value{*result}};
}

std::string_view ValueFamily::rule_in_words() const { return rule_ ? words(*rule_) : ""; }

std::optional<CombineRule> ValueFamily::find_rule() const {
  const auto& kernel = host_.facts->platform->kernel;
  for (const Combination& combination : generic_.combines) {
    if (combination.linux_ && !(kernel && combination.linux_->contains(*kernel))) continue;
    if (!combination.where.empty() && !is_on(combination.where)) continue;
    if (combined(combination.rule, 0, 0)) return combination.rule;
    return std::nullopt;
  }
  return std::nullopt;
}

bool ValueFamily::is_on(const std::string& name) const {
  const ParamInfo* param = catalogue_.find(name);
  const auto found = param == nullptr ? std::nullopt : boot_state_.stand_in(host_, *param, name);
  return found && number_of(found->value).value_or(0) != 0;
}

// The name that a setting of this role has: conf.all, conf(*).
std::string ValueFamily::name_of(MemberRole role) const {
  std::string name = generic_.name;
  const auto member = std::ranges::find(generic_.members, role, &Member::role);
  if (member == generic_.members.end()) return {};
  const bool own_record = role != MemberRole::each;
  name.replace(name.find("()"), 2, own_record ? "." + member->instance : "(" + member->instance + ")");
  return name;
}

std::optional<ValueFamily::Part> ValueFamily::part_of(MemberRole role) const {
  const std::string name = name_of(role);
  const ParamInfo* param = role == MemberRole::each ? &generic_ : catalogue_.find(name);
  if (name.empty() || param == nullptr) return std::nullopt;
  for (const std::string& state : boot_state_.states_of(*param, name)) {
    auto chain = boot_state_.chain(host_, state);
    if (!chain.empty()) return Part{name, chain.back().value, chain.back()};
  }
  if (role == MemberRole::each) return std::nullopt;  // then there is no such line
  const Platform& platform = *host_.facts->platform;
  const Value* value = param->default_value(platform.kernel, platform.os);
  return value == nullptr ? std::nullopt : std::optional(Part{name, *value});
}

const Setting* ValueFamily::setting_of(MemberRole role) const {
  const auto found = std::ranges::find(settings_, role, [](const Setting* s) { return s->param->role; });
  return role == MemberRole::one || found == settings_.end() ? nullptr : *found;
}

// Whether instances that the site names already have what the common value is for.
bool ValueFamily::is_met_by_name(const Setting& common) const {
  return std::ranges::any_of(settings_, [&](const Setting* setting) {
    return is_one(*setting) && setting->name != name_of(MemberRole::each) &&
           holds(common, common.value, setting->value);
  });
}

bool ValueFamily::holds(const Setting& setting, const Value& common, const Value& own) const {
  const auto wanted = number_of(setting.value), a = number_of(common), b = number_of(own);
  if (!wanted || !a || !b) return true;
  const auto result = combined(*rule_, *a, *b);
  return is_switch(*rule_) ? (*result != 0) == (*wanted != 0) : *result == *wanted;
}

}  // namespace tunec
