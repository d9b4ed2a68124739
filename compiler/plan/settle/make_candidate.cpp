#include "plan/settle/make_candidate.h"

#include <algorithm>

#include "catalogue/instance_types.h"
#include "diagnostics/diag.h"
#include "plan/platform/convert.h"
#include "plan/settle/instance_name.h"

namespace tunec {
namespace {

std::string full_name(std::string_view pattern, const std::vector<std::string>& instances) {
  std::string name;
  std::size_t next = 0;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    name += pattern[i];
    if (pattern[i] == '(' && next < instances.size()) name += instances[next++];
  }
  return name;
}

// The stem of an instance: `wireguard().peer()` for wireguard().peer().endpoint and its second instance,
// number 1.
std::string_view up_to_instance(std::string_view param, std::size_t index) {
  std::size_t end = param.find(')');
  for (; index > 0; --index) end = param.find(')', end + 1);
  return param.substr(0, end + 1);
}

bool takes_over(const ParamInfo& heir, const ParamInfo& param) {
  return heir.type == param.type && heir.element == param.element &&
         std::ranges::count(heir.name, '(') == std::ranges::count(param.name, '(');
}

}  // namespace

Made CandidateMaker::make(const BoundSetting& setting, const VisitedBody& body) {
  const Scope scope = scope_in(body, host_);
  Candidate candidate;
  candidate.param = setting.param;
  for (const ast::Expr* instance : setting.instances) {
    const Value value = evaluate(*instance, scope, run_);
    if (value.poisoned()) return {};
    auto text = text_of_instance(*setting.param, candidate.instances.size(), value, instance->span);
    if (!text) return {};
    if (const std::string& dot = setting.param->slash; !dot.empty())
      std::ranges::replace(*text, '/', dot.front());
    std::string name = instance_name(setting.param->instance, *text);
    if (!fits_instance(setting.param->name, candidate.instances.size(), name, instance->span)) return {};
    const bool is_module = setting.param->instance_names != ModuleUse::none;
    candidate.instances.push_back(is_module ? module_name(name) : std::move(name));
  }
  if (candidate.instances.size() == 1) {
    if (const ParamInfo* member = catalogue_.member(*candidate.param, candidate.instances.front())) {
      candidate.param = member;
      candidate.instances.clear();
    }
  }
  candidate.name = full_name(candidate.param->name, candidate.instances);
  candidate.origin = path_to(body, host_);
  candidate.node = body.node;
  candidate.origin.where = setting.where;
  candidate.origin.forced = setting.assign->kind == ast::AssignKind::override_;
  candidate.origin.unchecked = setting.assign->kind == ast::AssignKind::unchecked;
  candidate.origin.only_where_available = setting.assign->where_available;
  if (setting.assign->because) candidate.origin.because = *setting.assign->because;
  candidate.value = evaluate(*setting.value, scope, run_);
  const Span shown_at = scope.place(setting.value->span);
  Made made;
  if (candidate.value.poisoned()) {
    made.excluded.failed_settings.push_back(std::move(candidate.name));
    return made;
  }
  if (candidate.origin.only_where_available) {
    if (const auto lack = unavailable(*candidate.param, *host_.facts->platform, catalogue_))
      return move_or_drop(std::move(candidate), *lack, *setting.value, shown_at);
  }
  if (settle(candidate, *setting.value, shown_at)) made.candidate = std::move(candidate);
  else made.excluded.failed_settings.push_back(std::move(candidate.name));
  return made;
}

Made CandidateMaker::make(const PatternSetting& setting, const VisitedBody& body) {
  const HostDeclaration& pattern = *patterns_of(*host_.declared)[setting.pattern];
  Made made = make(std::get<BoundSetting>(pattern.body[setting.statement]), body);
  run_.trace.reads.insert(declared_leaf(setting.part));
  return made;
}

// The instance in the spelling of the key. If it has another type, reports that and returns nothing.
std::optional<std::string> CandidateMaker::text_of_instance(const ParamInfo& param, std::size_t number,
                                                            const Value& value, Span where) {
  const auto& types = param.instance_types;
  const InstanceType type = number < types.size() ? types[number] : InstanceType{};
  auto text = instance_text(type, value);
  if (text) return text;
  const std::string written = to_text(value);
  Draft draft = reporter_.report(where, diag::wrong_form, "the name of an instance", to_source(value));
  draft.at(described(type)).hosts(host_.hosts, host_.facts->platform->describe());
  // node0, as sysfs names the folder
  const std::size_t digits = written.find_first_of("0123456789");
  if (type.type == ValueType::integer && digits != std::string::npos && digits > 0 &&
      written.find_first_not_of("0123456789", digits) == std::string::npos)
    draft.help(fmt::format("write `{}({})`", written.substr(0, digits), written.substr(digits)));
  return std::nullopt;
}

// Checks an instance, which becomes part of file names and keys. `index`: its number among the instances.
bool CandidateMaker::fits_instance(std::string_view param, std::size_t index, const std::string& text,
                                   Span where) {
  const bool plain = std::ranges::all_of(
      text, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; });
  const bool climbs = ("/" + text + "/").find("/../") != std::string::npos;
  if (!text.empty() && text.size() <= 256 && plain && !climbs && !is_placeholder(text)) {
    const std::string_view why = catalogue_.forms().of_instance(up_to_instance(param, index), text);
    if (why.empty()) return true;
    reporter_
        .report(where, diag::wrong_form, std::string(up_to_instance(param, index)), to_source(Value{text}))
        .at(std::string(why))
        .hosts(host_.hosts, host_.facts->platform->describe());
    return false;
  }
  if (is_placeholder(text)) {
    reporter_.report(where, diag::placeholder, "the name of this instance", text)
        .hosts(host_.hosts, host_.facts->platform->describe());
  } else {
    reporter_
        .report(where, diag::wrong_form, "the name of an instance",
                text.empty() ? "empty" : to_source(Value{text}))
        .at("it is one line of 1 to 256 bytes, with no `..` in a path");
  }
  return false;
}

// Gives the value its type. False if the value does not fit the parameter, which is reported.
bool CandidateMaker::settle(Candidate& candidate, const ast::Expr& written, Span shown_at) {
  if (candidate.origin.unchecked) return true;
  const Caveat* caveat = caveat_for(*candidate.param, candidate.value, *host_.facts->platform);
  // A caveat for exactly this value explains more than its wrong type does.
  if (caveat != nullptr && caveat->value && !works(caveat->fate)) return true;
  auto value = convert(
      {*candidate.param, candidate.name, shown_at, *host_.facts->platform, host_.hosts, &written},
      candidate.value, reporter_);
  if (!value) return false;
  candidate.value = std::move(*value);
  return true;
}

// Handles a parameter that this machine does not have. If the machine has the parameter that it became, the
// value goes there.
Made CandidateMaker::move_or_drop(Candidate candidate, const Unavailable& lack, const ast::Expr& written,
                                  Span shown_at) {
  Made made;
  Dropped dropped{candidate.name, candidate.value, candidate.origin, lack.why, "", ""};
  const ParamInfo* heir = lack.moved.empty() ? nullptr : catalogue_.find(lack.moved);
  if (heir == nullptr || !takes_over(*heir, *candidate.param) ||
      unavailable(*heir, *host_.facts->platform, catalogue_)) {
    made.excluded.dropped.push_back(std::move(dropped));
    return made;
  }
  // Typed by the written parameter first: a bare number counts in its unit
  const bool typed = settle(candidate, written, shown_at);
  candidate.origin.moved_from = std::exchange(candidate.name, full_name(heir->name, candidate.instances));
  candidate.param = heir;
  if (!typed || !settle(candidate, written, shown_at)) {
    made.excluded.failed_settings.push_back(std::move(candidate.name));
    return made;
  }
  dropped.moved = candidate.name;
  made.excluded.dropped.push_back(std::move(dropped));
  made.candidate = std::move(candidate);
  return made;
}

}  // namespace tunec
