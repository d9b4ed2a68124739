#include "check/caveat_report.h"

#include "diagnostics/diag.h"
#include "plan/platform/caveats.h"

namespace tunec {
namespace {

Draft begin(const CaveatSubject& subject, Span where, const Caveat& caveat, const Setting& setting,
            const Platform& platform, Reporter& reporter) {
  const std::string& name = setting.name;
  const std::string on = consumer(caveat, platform);
  if (caveat.fate == Fate::rejected)
    return reporter.report(where, diag::parameter_rejected, subject.with_value, on);
  if (caveat.fate == Fate::risky)
    return reporter.report(where, diag::parameter_risky, subject.with_value, on);
  const bool of_value = caveat.value || caveat.lowest || caveat.highest || caveat.by_node;
  if (!of_value && caveat.config.starts_with('!'))
    return reporter.report(where, diag::parameter_gated, name, caveat.config.substr(1), on);
  if (!of_value && !caveat.builtin.empty())
    return reporter.report(where, diag::module_built_in, name, on, caveat.builtin);
  if (caveat.fate == Fate::ignored) return reporter.report(where, diag::parameter_ignored, subject.name, on);
  if (!caveat.moved.empty()) return reporter.report(where, diag::parameter_moved, name, caveat.moved, on);
  const std::optional<VersionInterval>* versions = nullptr;
  for (const auto* range : {&caveat.linux_, &caveat.libvirt, &caveat.systemd, &caveat.qemu}) {
    if (*range) versions = range;
  }
  if (of_value || versions == nullptr)
    return reporter.report(where, diag::parameter_absent, subject.name, on);
  if ((*versions)->since) return reporter.report(where, diag::parameter_removed, name, on);
  return reporter.report(where, diag::parameter_too_new, on, name);
}

// The value that a text such as "vfs_cache_pressure = 50" gives to the setting.
std::optional<std::string> value_in(std::string_view text, const Setting& setting) {
  constexpr std::string_view sets = " = ";
  const std::size_t at = text.find(sets);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(0, at), value = text.substr(at + sets.size());
  const bool is_name = setting.name == name || setting.name.ends_with("." + std::string(name));
  if (!is_name || value.find_first_of(" ,") != std::string_view::npos) return std::nullopt;
  return std::string(value);
}

}  // namespace

Draft report_caveat(const CaveatSubject& subject, Span where, const Caveat& caveat, const Setting& setting,
                    const HostPlans& hosts, Reporter& reporter) {
  const Platform& platform = *hosts.front()->facts->platform;
  Draft draft = begin(subject, where, caveat, setting, platform, reporter);
  draft.key(subject.key).hosts(names_of(hosts), platform.describe(), through(setting.origin));
  draft.at(caveat.why);
  if (caveat.severity) draft.severity(*caveat.severity);
  if (!caveat.instead.empty()) draft.help(caveat.instead);
  else if (!caveat.moved.empty()) draft.help(fmt::format("write `{}` instead", caveat.moved));
  if (const auto value = value_in(caveat.instead, setting))
    draft.fix({Edit::Kind::value, where, *value, to_source(setting.value)}, Certainty::likely);
  return draft;
}

}  // namespace tunec
