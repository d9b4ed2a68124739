// Instances that lack what their consumer requires, and pools and instance types that nothing lists.
#include <algorithm>
#include <set>

#include "check/checks.h"
#include "diagnostics/diag.h"

namespace tunec {
namespace {

constexpr std::string_view default_suffix = ".default";

// "pool(gold)" of "pool(gold).cpus"; empty for a setting without an instance.
std::string_view instance_of(const Setting& setting) {
  const std::string_view name = setting.name;
  return setting.instances.empty() ? std::string_view() : name.substr(0, name.find(')') + 1);
}

class Instances {
 public:
  Instances(const CheckInput& input, Reporter& reporter) : input_(input), reporter_(reporter) {}

  void check(const HostPlan& host) {
    for (auto first = host.settings.begin(); first != host.settings.end();) {
      const std::string_view instance = instance_of(**first);
      const auto end = std::find_if(first, host.settings.end(), [&](const Setting* setting) {
        return instance_of(*setting) != instance;
      });
      if (!instance.empty()) check(host, instance, {first, end});
      first = end;
    }
  }

  bool is_set(const std::string& instance) const { return seen_.contains(instance); }

  // Reports a declaration without any setting: it makes no instance on its hosts, and would be in no file.
  void check_empty(const std::string& stem, const std::string& name, Span declared) {
    std::vector<std::string> names, lines;
    for (const ParamInfo* param : required(stem)) {
      const std::string key = param->name.substr(stem.size() + 3);
      if (key.ends_with(default_suffix)) continue;
      names.push_back(fmt::format("`{}`", key));
      lines.push_back(fmt::format("{} = …", key));
    }
    if (!names.empty()) incomplete(declared, fmt::format("{}({})", stem, name), names, lines);
  }

 private:
  void check(const HostPlan& host, std::string_view instance, const std::vector<const Setting*>& settings) {
    seen_.emplace(instance);
    const std::string stem(instance.substr(0, instance.find('(')));
    std::vector<std::string> names, lines;
    for (const ParamInfo* param : required(stem)) {
      const std::string key = param->name.substr(stem.size() + 3), name = fmt::format("{}.{}", instance, key);
      if (host.find(name) != nullptr ||
          std::ranges::find(host.failed_settings, name) != host.failed_settings.end())
        continue;
      const bool is_default = key.ends_with(default_suffix);
      const std::string base = key.substr(0, key.size() - (is_default ? default_suffix.size() : 0));
      if (is_default && host.find(fmt::format("{}.{}", instance, base)) == nullptr) continue;
      names.push_back(is_default ? fmt::format("the default of `{}`", base) : fmt::format("`{}`", base));
      lines.push_back(fmt::format("{} = …{}", base, is_default ? " default …" : ""));
    }
    if (names.empty()) return;
    const Setting& first = **std::ranges::min_element(
        settings, {}, [](const Setting* setting) { return setting->origin.where; });
    incomplete(user_place(first.origin, input_.sources), std::string(instance), names, lines)
        .hosts({host.name}, host.facts->platform->describe());
  }

  Draft incomplete(Span where, const std::string& instance, const std::vector<std::string>& names,
                   const std::vector<std::string>& lines) {
    const std::string all = names.size() == 1
                                ? names.front()
                                : fmt::format("{} and {}", fmt::join(names.begin(), names.end() - 1, ", "),
                                              names.back());
    Draft draft = reporter_.report(where, diag::incomplete, instance, all);
    draft.key(instance).help(fmt::format("write `{}` in it", fmt::join(lines, "  ")));
    return draft;
  }

  const std::vector<const ParamInfo*>& required(const std::string& stem) {
    const auto [found, is_first] = required_.try_emplace(stem);
    if (is_first) {
      for (const std::string_view name : input_.catalogue.names_under(stem + "().")) {
        const ParamInfo* param = input_.catalogue.find(name);
        if (param->required) found->second.push_back(param);
      }
    }
    return found->second;
  }

  const CheckInput& input_;
  Reporter& reporter_;
  std::map<std::string, std::vector<const ParamInfo*>> required_;
  std::set<std::string, std::less<>> seen_;
};

bool report_unlisted(const Fleet& fleet, TemplateKind kind, const Instances& instances, Reporter& reporter) {
  const bool is_pool = kind == TemplateKind::pool;
  bool reported = false;
  for (const auto& [name, declared] : is_pool ? fleet.pools : fleet.instance_types) {
    if (declared.body.empty() || instances.is_set(fmt::format("{}({})", is_pool ? "pool" : "instance", name)))
      continue;
    reported = true;
    reporter
        .report(declared.declared, diag::not_listed, is_pool ? "host" : "pool",
                is_pool ? "pool" : "instance type", name)
        .help(is_pool ? fmt::format("list it in a host or profile, `pools = [{}]`, or delete it", name)
                      : fmt::format("list it in a pool, `instance_types = [{}]`, or delete it", name));
  }
  return reported;
}

}  // namespace

void check_required_settings(const Plan& plan, const CheckInput& input, Reporter& reporter) {
  if (!input.whole_site) return;  // a test may contain only the settings that it is about
  const bool sound = !reporter.has_errors();
  Instances instances(input, reporter);
  for (const HostPlans& hosts : hosts_by_class(plan)) {
    bool any = false;
    for (const HostPlan* host : hosts) {
      if (host->own.empty() && std::exchange(any, true)) continue;  // one host stands for all of its class
      instances.check(*host);
    }
  }
  if (!sound || plan.hosts.empty()) return;
  for (const auto& [name, pool] : input.fleet.pools) {
    if (pool.body.empty()) instances.check_empty("pool", name, pool.declared);
  }
  // The instance types of an unlisted pool are not listed either
  if (!report_unlisted(input.fleet, TemplateKind::pool, instances, reporter))
    report_unlisted(input.fleet, TemplateKind::instance_type, instances, reporter);
}

}  // namespace tunec
