// What waivers name: a policy, or a parameter. The name of a parameter without instances covers all
// instances.
#include <algorithm>

#include "base/suggest.h"
#include "diagnostics/diag.h"
#include "machine/host_pattern.h"
#include "site/bind/binder.h"

namespace tunec {
namespace {

const ParamInfo* param_named(const std::string& name, const Catalogue& catalogue) {
  if (const ParamInfo* param = catalogue.find(name)) return param;
  for (const std::string_view full_name : catalogue.names_with_instances()) {
    if (without_instances(full_name) == name) return catalogue.find(full_name);
  }
  const auto spelt = catalogue.spelt(name);
  return spelt ? spelt->param : nullptr;
}

std::optional<Near> meant(const std::string& name, const Fleet& fleet, const Catalogue& catalogue) {
  std::vector<std::string_view> names(catalogue.names());
  for (const std::string_view full_name : names) {
    if (full_name.ends_with("." + name)) return Near{name, std::string(full_name)};  // its surface is missing
  }
  for (const PolicyDecl& policy : fleet.policies) names.push_back(policy.syntax->name.text);
  return nearest(name, names);
}

}  // namespace

void bind_waivers(Fleet& fleet, const Catalogue& catalogue, bool incomplete, Reporter& reporter) {
  for (WaiverDecl& waiver : fleet.waivers) {
    const std::string& name = waiver.syntax->what.text;
    const bool is_policy = std::ranges::any_of(
        fleet.policies, [&](const PolicyDecl& policy) { return policy.syntax->name.text == name; });
    if (!is_policy) waiver.param = param_named(name, catalogue);
    waiver.names_something = is_policy || waiver.param != nullptr;
    if (waiver.names_something || name.empty() || incomplete) continue;
    auto draft = reporter.report(waiver.declared, diag::unknown_name,
                                 name.find('.') == std::string::npos ? "policy" : "parameter", name);
    if (const auto near = meant(name, fleet, catalogue)) draft.did_you_mean(*near);
  }
}

void bind_waived_hosts(Fleet& fleet, Reporter& reporter) {
  std::vector<std::string_view> names;
  for (const Host& host : fleet.hosts) names.push_back(host.name);
  for (const TestDecl& test : fleet.tests) {
    for (const Host& host : test.hosts) names.push_back(host.name);
  }
  for (WaiverDecl& waiver : fleet.waivers) {
    const ast::Name& hosts = waiver.syntax->hosts;
    const auto matches = [&](std::string_view name) { return matches_pattern(hosts.text, name); };
    if (hosts.text.empty() || std::ranges::any_of(names, matches)) continue;
    if (hosts.text.find_first_of("*[") != std::string::npos) {
      waiver.names_something = false;
      reporter.report(hosts.span, diag::matches_nothing, "the pattern", hosts.text);
      continue;
    }
    waiver.names_no_host = true;
    Draft draft = reporter.report(hosts.span, diag::unknown_name, "host", hosts.text);
    if (const auto near = nearest(hosts.text, names)) draft.did_you_mean(*near);
    else draft.help("delete the waiver, or name the host that it is for");
  }
}

}  // namespace tunec
