// tunec explain: the page of a diagnostic, what is known of a parameter, or the table of invariants.
#include <algorithm>

#include <fmt/ranges.h>

#include "base/suggest.h"
#include "diagnostics/diagnostic.h"
#include "driver/cli/site_arguments.h"
#include "driver/present/invariants.h"
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
  if (caveat.value) parts.push_back("the value " + to_source(*caveat.value));
  if (caveat.lowest || caveat.highest) {
    parts.push_back(fmt::format("values {}..{}", caveat.lowest ? to_source(*caveat.lowest) : "",
                                caveat.highest ? to_source(*caveat.highest) : ""));
  }
  return parts.empty() ? "everywhere" : fmt::format("{}", fmt::join(parts, ", "));
}

std::string presence_table(const ParamInfo& param, const std::vector<PlatformFacts>& platforms,
                           const Catalogue& catalogue) {
  std::string text = fmt::format("\n  {:<14} {:<14} {:<10} {:<22} {}\n", "platform", "runs", "there", "range",
                                 "default");
  for (const PlatformFacts& platform : platforms) {
    const KnobOnPlatform on = knob_on(param, platform, catalogue);
    std::string line = fmt::format("  {:<14} {:<14} {:<10} {:<22} {}", platform.name, on.version,
                                   presence_word(on.presence), on.range, on.standard);
    if (on.presence == OnPlatform::missing)
      line = fmt::format("  {:<14} {:<14} {:<10} {}", platform.name, on.version, "no", on.why);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

// The shipped policies that look at it, by name.
std::vector<std::string> policies_about(const Library& library, const std::string& name) {
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
std::string where_it_holds(const T& one) {
  return one.linux_
             ? fmt::format(" ({}Linux {})", one.os.empty() ? "" : one.os + ", ", one.linux_->to_string())
             : "";
}

void explain_parameter(const ParamInfo& param, const std::vector<PlatformFacts>& platforms,
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
  for (const Standard& standard : param.standards) {
    row("default", to_source(standard.value) + where_it_holds(standard));
  }
  row("counts", effect_text(param.effect));
  row("status", param.status);
  if (!param.loads.empty()) row("loads", fmt::format("{}", fmt::join(param.loads, ", ")));
  for (const StateOf& state : param.states) {
    if (state.name != param.name) row("sets", fmt::format("the same as {}", state.name));
  }
  if (const auto policies = policies_about(knowledge.library, param.name); !policies.empty())
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
  print(text);
}

bool looks_like_code(std::string_view text) {
  return text.size() == 5 && text[0] == 'T' &&
         std::ranges::all_of(text.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

int explain_code(const Compilation& compilation, const std::string& code) {
  const auto& all = all_diagnostics();
  const auto info = std::ranges::find(all, code, [](const DiagInfo* d) { return d->code; });
  if (info == all.end()) {
    say(fmt::format("tunec: there is no diagnostic {}", code));
    return exit_usage_or_io;
  }
  const auto pages = compilation.library.under(fmt::format("tests/cases/diagnostics/{}-", code));
  if (!pages.empty()) {
    print(std::string(pages.front()->text));
  } else {
    print(fmt::format("{}: {}\n{}\n", code, (*info)->message, (*info)->help));
  }
  return exit_fine;
}

// As it is, or with its surface left out.
const ParamInfo* find_parameter(const Catalogue& catalogue, const std::string& name) {
  if (const ParamInfo* param = catalogue.find(name)) return param;
  for (const std::string_view known : catalogue.names()) {
    const std::size_t dot = known.find('.');
    if (dot != std::string_view::npos && known.substr(dot + 1) == name) return catalogue.find(known);
  }
  return nullptr;
}

// Among full names, and among names without their surface.
std::optional<std::string> nearest_parameter(const Catalogue& catalogue, const std::string& name) {
  if (auto near = nearest(name, catalogue.names())) return near;
  std::vector<std::string_view> rests;
  for (const std::string_view known : catalogue.names()) {
    // `swapiness` is near `swappiness`, and so is `vm.swapiness` to `vm.swappiness`.
    for (std::size_t dot = known.find('.'); dot != std::string_view::npos; dot = known.find('.', dot + 1))
      rests.push_back(known.substr(dot + 1));
  }
  return nearest(name, rests);
}

struct Options {
  std::string what, number, overlay;
  MessageFormat format = MessageFormat::text;
};

int explain(const Options& options) {
  const std::string& what = options.what;
  const auto compilation = open_knowledge(options.overlay, DiskFileSystem());
  if (what == "invariant" || what == "invariants")
    return explain_invariants(*compilation, options.number, options.format);
  if (!options.number.empty()) {
    say("tunec: only an invariant has a number: `tunec explain invariant 12`");
    return exit_usage_or_io;
  }
  if (looks_like_code(what)) return explain_code(*compilation, what);
  const std::size_t at = what.find('@');
  std::vector<PlatformFacts> platforms;
  if (at == std::string::npos) {
    platforms = all_platforms(*compilation);
  } else {
    auto platform = platform_named(*compilation, what.substr(at + 1), "NAME@PLATFORM");
    if (!platform) return exit_usage_or_io;
    platforms = {std::move(*platform)};
  }
  const std::string name = what.substr(0, at);
  if (const ParamInfo* param = find_parameter(compilation->catalogue, name)) {
    if (options.format == MessageFormat::json) print(knob_json(*param, platforms, compilation->catalogue));
    else explain_parameter(*param, platforms, *compilation);
    return exit_fine;
  }
  const std::string_view meant = compilation->catalogue.meant_by(name);
  const auto near = !meant.empty() ? std::optional<std::string>(meant)
                                   : nearest_parameter(compilation->catalogue, name);
  say(fmt::format("tunec: `{}` is neither a parameter nor a diagnostic's code{}", what,
                  near ? fmt::format("; did you mean `{}`?", *near) : ""));
  return exit_usage_or_io;
}

}  // namespace

Command command_explain() {
  const auto o = std::make_shared<Options>();
  return {
      .name = "explain",
      .summary = "Explain a diagnostic (T0701), a parameter (vm.swappiness) or the invariants",
      .details =
          "For a diagnostic: what it means, and how to fix it. For a parameter: type, unit, range, "
          "default, its presence on each platform, when a change takes effect, its risks, and the "
          "policies that read it. `invariants` lists the rules between settings that tunec enforces, and "
          "`invariant 12` shows one of them.",
      .options = {{.name = "WHAT",
                   .help = "The code of a diagnostic; the name of a parameter, with or without its "
                           "surface, on one platform if `@PLATFORM` follows; or `invariants`",
                   .binding = store_in(o->what),
                   .required = true},
                  {.name = "NUMBER", .help = "The number of one invariant", .binding = store_in(o->number)},
                  overlay_option(o->overlay),
                  format_option(o->format,
                                "Text, or for parameters and invariants JSON with one object "
                                "a line")},
      .examples = {{"tunec explain T0701", "shows the page of a diagnostic"},
                   {"tunec explain vm.swappiness@debian-12", "shows a parameter on one platform"}},
      .run = [o] { return explain(*o); }};
}

}  // namespace tunec
