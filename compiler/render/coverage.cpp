// Hosts share artifacts and lists of steps, so each is checked once.
#include "render/coverage.h"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "diagnostics/diag.h"
#include "plan/origin.h"
#include "render/spell.h"

namespace tunec {
namespace {

constexpr std::size_t max_cmdline = 2047;  // COMMAND_LINE_SIZE of x86 is 2048, with its end

// The part of a line that the kernel gets: the text between its quotes, or the whole line. GRUB's file
// extends the command line, so there a line begins with the words of the previous lines.
std::size_t cmdline_bytes(std::string_view line) {
  constexpr std::string_view before = "$GRUB_CMDLINE_LINUX";
  const std::size_t open = line.find('"');
  if (open == line.npos || !line.substr(open + 1).starts_with(before)) return line.size();
  return line.size() - open - 2 - before.size();
}

// The quoted part of a command.
std::size_t argument_bytes(std::string_view command) {
  const std::size_t open = command.find('\''), close = command.rfind('\'');
  return open == command.npos ? command.size() : close - open - 1;
}

bool is_boot_line(const Settings& settings) {
  return !settings.empty() && settings.front()->surface == "boot";
}

std::string_view line_of(const Artifact& artifact, std::uint32_t wanted) {
  std::size_t begin = 0;
  for (std::uint32_t number = 1; number < wanted; ++number) begin = artifact.content.find('\n', begin) + 1;
  return std::string_view(artifact.content).substr(begin, artifact.content.find('\n', begin) - begin);
}

// Why the reader of the file would not get a setting as it was written; empty if it would.
std::string_view unwritable(const Setting& setting, const Forms& forms) {
  const std::vector<std::string> items = spell_items(setting);
  const auto has_control = [](const std::string& text) {
    return std::ranges::any_of(text,
                               [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  };
  if (has_control(setting.key) || std::ranges::any_of(items, has_control))
    return "control characters and line ends have no place in a setting";
  for (const std::string& item : items) {
    if (const auto why = forms.of_value(setting.surface, setting.key, item); !why.empty()) return why;
  }
  return {};
}

// Why a backend leaves a setting out; null if no backend lists a need for it.
const Need* need_of(const Setting& setting, const Backends& backends) {
  const Need* need = nullptr;
  const auto look = [&](const auto* backend) {
    if (std::ranges::find(backend->surfaces, setting.surface) == backend->surfaces.end()) return;
    for (const Need& candidate : backend->needs) {
      if (setting.key.starts_with(candidate.key)) need = &candidate;
    }
  };
  std::ranges::for_each(backends.of_host, look);
  std::ranges::for_each(backends.of_fleet, look);
  return need;
}

// A missing `expr` of an alert is one mistake, reported at the first setting of that alert.
void report_left_out(const HostPlan& host, const std::unordered_set<const Setting*>& excluded,
                     const Backends& backends, const Sources& sources, Reporter& reporter) {
  std::set<std::pair<const Need*, std::vector<std::string>>> reported;
  for (const Setting* setting : host.settings) {
    if (!excluded.contains(setting)) continue;
    const Need* need = need_of(*setting, backends);
    if (need != nullptr && !reported.emplace(need, setting->instances).second) continue;
    Draft draft = reporter.report(user_place(setting->origin, sources), diag::not_written, setting->name);
    draft.key(setting->name).hosts({host.name});
    if (need != nullptr) draft.help(std::string(need->help));
  }
}

}  // namespace

void check_carriers(const Plan& plan, const Backends& backends, const Forms& forms, const Sources& sources,
                    Reporter& reporter) {
  std::set<std::string_view> carried;
  const auto add = [&](const auto* backend) {
    carried.insert(backend->surfaces.begin(), backend->surfaces.end());
  };
  std::ranges::for_each(backends.of_host, add);
  std::ranges::for_each(backends.of_fleet, add);
  for_each_distinct_setting(plan, [&](const Setting& setting, const HostPlans& hosts) {
    if (is_number(setting)) return;
    const Span where = user_place(setting.origin, sources);
    const std::string& host = hosts.front()->name;
    if (!carried.contains(setting.surface))
      reporter.report(where, diag::no_carrier, setting.name, setting.surface).hosts({host});
    // If there is a record, it determines the spelling of the name.
    const std::string_view why_name = setting.param->source.empty()
                                          ? forms.of_name(setting.surface, setting.key)
                                          : std::string_view();
    if (!why_name.empty()) {
      reporter.report(where, diag::wrong_form, "the name of a setting", to_source(Value{setting.key}))
          .at(std::string(why_name))
          .hosts({host});
    } else if (const std::string_view why = unwritable(setting, forms); !why.empty()) {
      reporter.report(where, diag::wrong_form, setting.name, to_source(setting.value))
          .at(std::string(why))
          .hosts({host});
    }
  });
}

// Finds settings that backends leave out because their block is incomplete: an alert without its expression,
// a peer's secret without its key. Hosts without own settings have their class's, so one of them is enough.
void check_every_setting_is_written(const RenderedFleet& rendered, const Plan& plan, const Backends& backends,
                                    const Sources& sources, Reporter& reporter) {
  std::unordered_set<const void*> seen;
  std::unordered_set<const Setting*> written;
  const auto take = [&](const Artifacts& artifacts) {
    for (const auto& artifact : artifacts) {
      if (!seen.insert(artifact.get()).second) continue;
      for (const ArtifactLine& line : artifact->lines)
        written.insert(line.settings.begin(), line.settings.end());
    }
  };
  take(rendered.site);
  for (const RenderedHost& host : rendered.hosts) {
    take(host.artifacts);
    if (!seen.insert(host.steps.get()).second) continue;
    for (const Step& step : *host.steps) written.insert(step.settings.begin(), step.settings.end());
  }
  // There are few such settings, if any. Only these are looked for on each host, where other settings may
  // beat them.
  std::unordered_set<const Setting*> excluded;
  for_each_distinct_setting(plan, [&](const Setting& setting, const HostPlans& /*any*/) {
    if (!written.contains(&setting) && !is_number(setting)) excluded.insert(&setting);
  });
  if (excluded.empty()) return;
  std::unordered_set<const void*> reported;
  for (const HostPlan& host : plan.hosts) {
    if (host.own.empty() && !reported.insert(host.shared.get()).second) continue;
    report_left_out(host, excluded, backends, sources, reporter);
  }
}

void check_line_lengths(const RenderedFleet& rendered, const Plan& plan, const Sources& sources,
                        Reporter& reporter) {
  std::unordered_set<const void*> seen;
  for (std::size_t i = 0; i < rendered.hosts.size(); ++i) {
    const RenderedHost& host = rendered.hosts[i];
    const auto check = [&](std::size_t bytes, const Settings& settings) {
      if (bytes <= max_cmdline) return;
      const Setting& longest = **std::ranges::max_element(
          settings, {}, [](const Setting* s) { return to_text(s->value).size(); });
      reporter.report(user_place(longest.origin, sources), diag::line_too_long, plan.hosts[i].name, bytes)
          .key("cmdline")
          .hosts({plan.hosts[i].name});
    };
    for (const auto& artifact : host.artifacts) {
      if (!seen.insert(artifact.get()).second) continue;
      std::size_t bytes = 0;
      Settings settings;
      for (const ArtifactLine& line : artifact->lines) {
        if (!is_boot_line(line.settings)) continue;
        bytes += cmdline_bytes(line_of(*artifact, line.number));
        settings.insert(settings.end(), line.settings.begin(), line.settings.end());
      }
      check(bytes, settings);
    }
    // If a command edits the boot entries, it carries the line.
    if (!seen.insert(host.steps.get()).second) continue;
    for (const Step& step : *host.steps) {
      if (is_boot_line(step.settings)) check(argument_bytes(step.command), step.settings);
    }
  }
}

}  // namespace tunec
