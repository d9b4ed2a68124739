#include "check/module_names.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "catalogue/elsewhere.h"
#include "check/caveat_report.h"
#include "diagnostics/diag.h"
#include "plan/platform/caveats.h"
#include "plan/platform/meant.h"
#include "plan/settle/placement.h"

namespace tunec {
namespace {

constexpr std::size_t max_module_name = 55;  // MODULE_NAME_LEN of linux 5.4 to 7.2, with its end

bool is_module_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= max_module_name && std::ranges::all_of(text, fits) &&
         text.front() != '-';
}

const Platform& platform_of(const HostPlans& hosts) { return *hosts.front()->facts->platform; }

// Each item of a list; or each word of a text, except words that introduce the next ones: `pre:`.
std::vector<Value> modules_in(const Value& value) {
  if (const List* list = value.get_if<List>()) return list->items;
  std::vector<Value> modules;
  const std::string text = to_text(value);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin && text[end - 1] != ':') modules.push_back(symbol(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return modules;
}

// The origin of a module that is part of no kernel. An alias belongs to a kernel's own module, so it has
// none.
std::string_view origin_of(std::string_view module, const Catalogue& catalogue) {
  const std::string_view from = catalogue.elsewhere(module);
  return module_behind(from).empty() ? from : std::string_view();
}

constexpr const char* way_to_install =
    "if it is installed from elsewhere, say so in the host's facts: `modules = [{}]`";

}  // namespace

void ModuleNames::check(const Setting& setting, const HostPlans& hosts) {
  if (setting.param->instance_names != ModuleUse::none) {
    for (const std::string& instance : setting.instances)
      check_name(setting, symbol(instance), setting.param->instance_names, hosts);
  }
  if (setting.param->names == ModuleUse::none) return;
  for (const Value& item : modules_in(setting.value)) {
    const bool is_word = std::ranges::any_of(
        setting.param->values, [&](const EnumValue& value) { return value.name == to_text(item); });
    if (!item.poisoned() && !is_word) check_name(setting, item, setting.param->names, hosts);
  }
}

void ModuleNames::check_name(const Setting& setting, const Value& item, ModuleUse use,
                             const HostPlans& hosts) {
  if (!check_form(setting, item, hosts)) return;
  const bool is_unchecked = std::ranges::any_of(setting.unchecked_items,
                                                [&](const Value& other) { return same(other, item); });
  if (setting.origin.unchecked || is_unchecked || !check_caveats(setting, item, hosts)) return;
  if (!check_alias(setting, item, use, hosts)) return;
  if (use == ModuleUse::loaded) return check_loaded(setting, item, hosts);
  if (use == ModuleUse::kept_out && platform_of(hosts).builds_in(to_text(item)).value_or(false))
    return report_built_in(setting, item, hosts);
  check_known(setting, item, hosts);
}

// `unchecked` is about what exists, not about form.
bool ModuleNames::check_form(const Setting& setting, const Value& item, const HostPlans& hosts) {
  const std::string module = to_text(item);
  if (is_module_name(module)) return true;
  Draft draft = reporter_.report(place_of(setting, item), diag::wrong_form, setting.name,
                                 fmt::format("`{}`", module));
  draft.key(module)
      .at("the name of a module is one word of letters, digits, `-` and `_`")
      .hosts(names_of(hosts), platform_of(hosts).describe(), through(setting.origin));
  if (const auto items = items_of_text(Value{module});
      std::ranges::all_of(items, is_module_name) && !items.empty())
    draft.help(fmt::format("write the list `[{}]`", fmt::join(items, ", ")));
  return false;
}

// Programs that load modules also find them by alias. To keep a module out, its own name is needed.
bool ModuleNames::check_alias(const Setting& setting, const Value& item, ModuleUse use,
                              const HostPlans& hosts) {
  const Platform& platform = platform_of(hosts);
  const std::string name = to_text(item);
  const std::string_view module = module_behind(input_.catalogue.elsewhere(name));
  if (module.empty() || platform.has_installed(name)) return true;
  const auto found = presence_of_module(module, platform, input_.catalogue).kind;
  if (found != Presence::Kind::there && found != Presence::Kind::unmeasured) return true;
  if (use != ModuleUse::kept_out) return false;
  reporter_.report(place_of(setting, item), diag::module_not_known, name)
      .key(name)
      .at(fmt::format("it is an alias of `{}`, and only a module's own name counts here", module))
      .help(fmt::format("write `{}`", module))
      .fix({Edit::Kind::word, place_of(setting, item), std::string(module), name}, Certainty::certain)
      .hosts(names_of(hosts), platform.describe(), through(setting.origin));
  return false;
}

bool ModuleNames::check_caveats(const Setting& setting, const Value& item, const HostPlans& hosts) {
  for (const Caveat& caveat : setting.param->caveats) {
    if (!caveat.value || !applies(caveat, item, platform_of(hosts))) continue;
    const std::string module = to_text(item);
    report_caveat({fmt::format("module `{}`", module), fmt::format("module `{}`", module), module},
                  place_of(setting, item), caveat, setting, hosts, reporter_);
    return false;
  }
  return true;
}

void ModuleNames::check_loaded(const Setting& setting, const Value& item, const HostPlans& hosts) {
  const Platform& platform = platform_of(hosts);
  const std::string module = to_text(item);
  const Presence found = presence_of_module(module, platform, input_.catalogue);
  if (found.kind == Presence::Kind::no_module || found.kind == Presence::Kind::never) {
    report_missing(setting, place_of(setting, item), module, found, hosts);
    return;
  }
  if (platform.module_in(module) != ModuleIn::extra || platform.has_installed(module)) return;
  const auto place = places_.find(setting, item, input_.sources);
  if (!place) return;
  const std::string& package = input_.catalogue.releases()[*platform.measured->release].extra_package;
  reporter_.report(*place, diag::module_in_package, module, package, platform.os + " " + platform.release)
      .key(module)
      .hosts(names_of(hosts), platform.describe(), through(setting.origin));
}

// A module of a later or an earlier release may be named here; a slip of the fingers may not.
void ModuleNames::check_known(const Setting& setting, const Value& item, const HostPlans& hosts) {
  const std::string module = to_text(item);
  if (presence_of_module(module, platform_of(hosts), input_.catalogue).kind != Presence::Kind::never ||
      !input_.catalogue.elsewhere(module).empty())
    return;
  Draft draft = reporter_.report(place_of(setting, item), diag::module_not_known, module);
  draft.key(module).hosts(names_of(hosts), platform_of(hosts).describe(), through(setting.origin));
  if (auto near = input_.catalogue.nearest_module(module, std::nullopt)) {
    near->is_certain = false;
    draft.did_you_mean(*near);
  }
}

void ModuleNames::note_unknown_owner(const Setting& setting, const HostPlans& hosts) {
  const Platform& platform = platform_of(hosts);
  const std::string module(module_of(setting));
  if (setting.param->if_builtin.empty() || platform.os.empty() ||
      part_of_kernel(*setting.param, module, platform) != PartOfKernel::unknown)
    return;
  const HostPlans left = not_yet_told(diag::builtin_not_known.info->code.data(), module, hosts);
  if (left.empty()) return;
  reporter_
      .report(user_place(setting.origin, input_.sources), diag::builtin_not_known, module,
              platform.describe())
      .key(module)
      .hosts(names_of(left), platform.describe(), through(setting.origin));
}

// If a list loads the module, a missing module is better reported there.
bool ModuleNames::is_loaded_by_list(std::string_view module, const HostPlan& host) {
  return std::ranges::any_of(host.settings, [&](const Setting* setting) {
    if (setting->param->names != ModuleUse::loaded || setting->origin.unchecked) return false;
    return std::ranges::any_of(modules_in(setting->value), [&](const Value& item) {
      return module_name(to_text(item)) == module_name(module);
    });
  });
}

void ModuleNames::note_owner_from_elsewhere(const Setting& setting, const HostPlans& hosts) {
  const Platform& platform = platform_of(hosts);
  const std::string module(module_of(setting));
  const bool is_option = !setting.param->if_builtin.empty() ||
                         (setting.surface == "boot" && setting.key.find('.') != std::string::npos);
  // A site that brings a record of the option has the module.
  const bool is_described = input_.catalogue.is_overlaid(setting.param->name);
  if (!is_option || is_described || origin_of(module, input_.catalogue).empty() ||
      is_loaded_by_list(module, *hosts.front()) || platform.module_in(module) != ModuleIn::absent ||
      platform.has_installed(module))
    return;
  const HostPlans left = not_yet_told(diag::no_such_module.info->code.data(), module, hosts);
  if (left.empty()) return;
  const Presence found = presence_of_module(module, platform, input_.catalogue);
  report_missing(setting, user_place(setting.origin, input_.sources), module, found, left);
}

void ModuleNames::report_missing_owner(const Setting& setting, const Presence& found,
                                       const HostPlans& hosts) {
  const std::string module(module_of(setting));
  const HostPlans left = not_yet_told(diag::no_such_module.info->code.data(), module, hosts);
  if (left.empty()) return;
  Draft draft = report_missing(setting, user_place(setting.origin, input_.sources), module, found, left);
  if (!origin_of(module, input_.catalogue).empty()) return;
  draft.help("delete the line, or write `where available` behind the value to set it where it exists");
  lines_.offer(draft, setting, hosts, false);
}

Draft ModuleNames::report_missing(const Setting& setting, Span where, const std::string& module,
                                  const Presence& found, const HostPlans& hosts) {
  const std::string_view from = origin_of(module, input_.catalogue);
  const bool is_never = found.kind == Presence::Kind::never;
  const auto& kernel = platform_of(hosts).kernel;
  const std::string on = !is_never ? found.own->describe() : kernel ? "Linux " + kernel->text : "any kernel";
  Draft draft = reporter_.report(where, diag::no_such_module, module, on);
  draft.key(module).hosts(names_of(hosts), platform_of(hosts).describe(), through(setting.origin));
  if (!from.empty()) {
    draft.severity(Severity::warning).at(fmt::format("it comes from {}", from));
  } else {
    const Presence known = presence_of_module(module, platform_of(hosts), input_.catalogue);
    draft.at(is_never ? "no kernel that was read has it" : why_missing(known));
    const auto release = platform_of(hosts).measured ? platform_of(hosts).measured->release : std::nullopt;
    const auto near = is_never ? input_.catalogue.nearest_module(module, release) : std::nullopt;
    if (near) draft.did_you_mean(*near);
  }
  draft.help(fmt::format(fmt::runtime(way_to_install), module_name(module)));
  return draft;
}

void ModuleNames::report_built_in(const Setting& setting, const Value& item, const HostPlans& hosts) {
  const Platform& platform = platform_of(hosts);
  reporter_
      .report(place_of(setting, item), diag::module_built_in, setting.name, platform.describe(),
              to_text(item))
      .key(to_text(item))
      .severity(Severity::warning)
      .at("nothing loads what is part of the kernel")
      .help("take it out")
      .hosts(names_of(hosts), platform.describe(), through(setting.origin));
}

HostPlans ModuleNames::not_yet_told(const char* what, std::string_view module, const HostPlans& hosts) {
  HostPlans left;
  std::ranges::copy_if(hosts, std::back_inserter(left),
                       [&](const HostPlan* host) { return told_.emplace(what, module, host->name).second; });
  return left;
}

Span ModuleNames::place_of(const Setting& setting, const Value& item) {
  return places_.find(setting, item, input_.sources).value_or(user_place(setting.origin, input_.sources));
}

}  // namespace tunec
