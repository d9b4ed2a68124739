#include <algorithm>

#include <fmt/ranges.h>

#include "base/table.h"
#include "driver/present/knob.h"
#include "plan/platform/convert.h"

namespace tunec {
namespace {

std::string_view effect_text(Effect effect) {
  switch (effect) {
    case Effect::live: return "at once";
    case Effect::reload: return "after a reload of the module or unit";
    case Effect::restart: return "after a restart of the service";
    case Effect::reboot: return "after a reboot";
  }
  return "";
}

std::string_view fate_text(Fate fate) {
  switch (fate) {
    case Fate::absent: return "not there";
    case Fate::ignored: return "without effect";
    case Fate::rejected: return "refused";
    case Fate::risky: return "harmful";
    case Fate::unsafe: return "a risk (T0610)";
  }
  return "";
}

std::string where_text(const Caveat& caveat) {
  std::vector<std::string> parts;
  if (caveat.linux_) parts.push_back("Linux " + caveat.linux_->to_string());
  if (caveat.libvirt) parts.push_back("libvirt " + caveat.libvirt->to_string());
  if (caveat.systemd) parts.push_back("systemd " + caveat.systemd->to_string());
  if (caveat.qemu) parts.push_back("QEMU " + caveat.qemu->to_string());
  if (!caveat.config.empty())
    parts.push_back(caveat.config.front() == '!' ? "kernels without CONFIG_" + caveat.config.substr(1)
                                                 : "kernels with CONFIG_" + caveat.config);
  if (!caveat.os.empty()) parts.push_back(caveat.os);
  if (!caveat.cpu.empty()) parts.push_back(caveat.cpu + " hosts");
  if (!caveat.builtin.empty()) parts.push_back("kernels that build " + caveat.builtin + " in");
  if (!caveat.initramfs.empty()) parts.push_back("hosts with " + caveat.initramfs);
  if (caveat.by_node) parts.push_back("numbers by NUMA node");
  if (caveat.value) parts.push_back("the value " + to_source(*caveat.value));
  if (caveat.lowest || caveat.highest) {
    parts.push_back(fmt::format("values {}..{}", caveat.lowest ? to_source(*caveat.lowest) : "",
                                caveat.highest ? to_source(*caveat.highest) : ""));
  }
  return parts.empty() ? "everywhere" : fmt::format("{}", fmt::join(parts, ", "));
}

std::string presence_table(const ParamInfo& param, const std::vector<PlatformFacts>& platforms,
                           const Catalogue& catalogue) {
  Table table({}, 2);
  table.add({"platform", "runs", "there", "range", "default"});
  for (const PlatformFacts& platform : platforms) {
    const KnobOnPlatform on = knob_on(param, platform, catalogue);
    if (on.presence == OnPlatform::missing) table.add({platform.name, on.version, "no", on.why});
    else
      table.add(
          {platform.name, on.version, std::string(presence_word(on.presence)), on.range, on.default_value});
  }
  return "\n" + table.text();
}

// The names of the shipped policies that read the parameter.
std::vector<std::string> policies_reading(const Library& library, const std::string& name) {
  std::vector<std::string> names;
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' || c == '-' || c == '(';
  };
  for (const ShippedFile* file : library.under("stdlib/policies/")) {
    for (std::size_t at = file->text.find(name); at != std::string_view::npos;
         at = file->text.find(name, at + 1)) {
      const std::size_t end = at + name.size();
      if ((at > 0 && is_part(file->text[at - 1])) || (end < file->text.size() && is_part(file->text[end])))
        continue;
      const std::size_t declared = file->text.rfind("\npolicy ", at);
      if (declared == std::string_view::npos) continue;
      const std::size_t begin = declared + std::string_view("\npolicy ").size();
      names.emplace_back(file->text.substr(begin, file->text.find_first_of(" {", begin) - begin));
    }
  }
  std::ranges::sort(names);
  names.erase(std::ranges::unique(names).begin(), names.end());
  return names;
}

template <class T>
std::string where_it_holds(const T& entry) {
  return entry.linux_ ? fmt::format(" ({}Linux {})", entry.os.empty() ? "" : entry.os + ", ",
                                    entry.linux_->to_string())
                      : "";
}

}  // namespace

std::string parameter_text(const ParamInfo& param, const std::vector<PlatformFacts>& platforms,
                           const Compilation& knowledge) {
  std::string text = fmt::format("{}\n\n{}\n\n", param.name, param.doc);
  const auto row = [&](std::string_view name, std::string_view value) {
    if (!value.empty()) text += fmt::format("  {:<9} {}\n", name, value);
  };
  row("surface", param.surface);
  row("key", param.key);
  row("takes", described(param));
  for (const Bounds& bounds : param.bounds) {
    row("range", fmt::format("{}..{}{}", bounds.lowest ? to_source(*bounds.lowest) : "",
                             bounds.highest ? to_source(*bounds.highest) : "", where_it_holds(bounds)));
  }
  for (const DefaultValue& default_value : param.defaults) {
    row("default", to_source(default_value.value) + where_it_holds(default_value));
  }
  row("counts", effect_text(param.effect));
  row("written", param.mode_note);
  row("status", param.status);
  if (!param.loads.empty()) row("loads", fmt::format("{}", fmt::join(param.loads, ", ")));
  for (const StateOf& state : param.states) {
    if (state.name != param.name) row("sets", fmt::format("the same as {}", state.name));
  }
  if (const auto policies = policies_reading(knowledge.library, param.name); !policies.empty())
    row("policies", fmt::format("{}", fmt::join(policies, ", ")));
  if (!param.misspelt.empty()) row("not", fmt::format("{}", fmt::join(param.misspelt, ", ")));
  row("source", param.source);
  if (!param.sightings.empty() || !param.caveats.empty())
    text += presence_table(param, platforms, knowledge.catalogue);
  for (const Caveat& caveat : param.caveats) {
    text += fmt::format("\n  {} on {}: {}\n", fate_text(caveat.fate), where_text(caveat), caveat.why);
    if (!caveat.instead.empty()) text += fmt::format("    instead: {}\n", caveat.instead);
    if (!caveat.moved.empty()) text += fmt::format("    now: {}\n", caveat.moved);
  }
  return text;
}

}  // namespace tunec
