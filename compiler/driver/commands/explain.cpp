// tunec explain: prints the page of a diagnostic, a parameter's description, or the table of invariants.
#include <algorithm>

#include <fmt/core.h>

#include "base/suggest.h"
#include "diagnostics/diagnostic.h"
#include "driver/cli/site_arguments.h"
#include "driver/present/invariants.h"
#include "driver/present/knob.h"
#include "driver/present/policy.h"
#include "driver/present/topics.h"

namespace tunec {
namespace {

bool looks_like_code(std::string_view text) {
  return text.size() == 5 && text[0] == 'T' &&
         std::ranges::all_of(text.substr(1), [](char c) { return c >= '0' && c <= '9'; });
}

struct Options {
  std::string topic, number, overlay;
  MessageFormat format = MessageFormat::text;
};

int explain_code(const Compilation& compilation, const Options& options) {
  const std::string& code = options.topic;
  const auto& all = all_diagnostics();
  const auto info = std::ranges::find(all, code, [](const DiagInfo* d) { return d->code; });
  if (info == all.end()) {
    say(fmt::format("tunec: there is no diagnostic {}", code));
    return exit_usage_or_io;
  }
  const auto pages = compilation.library.under(fmt::format("tests/cases/diagnostics/{}-", code));
  const std::string page = pages.empty() ? fmt::format("{}: {}\n{}\n", code, (*info)->message, (*info)->help)
                                         : std::string(pages.front()->text);
  if (options.format == MessageFormat::json) print_json(topic_json({"diagnostic", code, page}));
  else print(page);
  return exit_fine;
}

// wireguard.mtu of wireguard(wg0).mtu and of wireguard().mtu
std::string bare_name(std::string_view name) {
  std::string bare;
  int depth = 0;
  for (const char c : name) {
    depth += c == '(' ? 1 : 0;
    if (depth == 0) bare += c;
    depth -= c == ')' ? 1 : 0;
  }
  return bare;
}

// Finds it by its full name, by its name without the surface, or in its short form: `wireguard.mtu`.
const ParamInfo* find_parameter(const Catalogue& catalogue, const std::string& name) {
  if (const ParamInfo* param = catalogue.find(name)) return param;
  for (const std::string_view full : catalogue.names()) {
    const std::size_t dot = full.find('.');
    if (dot != std::string_view::npos && full.substr(dot + 1) == name) return catalogue.find(full);
  }
  std::string_view last;
  for (const std::string_view full : catalogue.names()) {
    const std::string_view surface = full.substr(0, full.find('.'));
    if (surface == std::exchange(last, surface)) continue;
    if (const auto spelt = catalogue.spelt(fmt::format("{}.{}", surface, name))) return spelt->param;
  }
  if (const auto spelt = catalogue.spelt(name)) return spelt->param;
  const std::string bare = bare_name(name);
  for (const std::string_view full : catalogue.names_with_instances()) {
    const std::string found = bare_name(full);
    if (found == bare || found.ends_with("." + bare)) return catalogue.find(full);
  }
  return nullptr;
}

// Compares with full names, and with names without their surface.
std::optional<Near> nearest_parameter(const Catalogue& catalogue, const std::string& name) {
  if (auto near = nearest(name, catalogue.names())) return near;
  std::vector<std::string_view> rests;
  for (const std::string_view full : catalogue.names()) {
    // `swapiness` is near `swappiness`, and so is `vm.swapiness` to `vm.swappiness`.
    for (std::size_t dot = full.find('.'); dot != std::string_view::npos; dot = full.find('.', dot + 1))
      rests.push_back(full.substr(dot + 1));
  }
  return nearest(name, rests);
}

// Prints all of them as a table, or the one with this number.
int explain_invariants(Compilation& compilation, const Options& options) {
  const std::vector<Invariant> all = read_invariants(compilation);
  if (!options.number.empty() && std::ranges::find(all, options.number, &Invariant::number) == all.end()) {
    say(fmt::format("tunec: there is no invariant {}; the numbers are 1 to {}", options.number, all.size()));
    return exit_usage_or_io;
  }
  const auto shown = options.format == MessageFormat::json ? invariant_json
                     : options.number.empty()              ? invariant_row
                                                           : invariant_text;
  for (const Invariant& invariant : all) {
    if (options.number.empty() || invariant.number == options.number) print(shown(invariant));
  }
  return exit_fine;
}

int explain(const Options& options) {
  const std::string& topic = options.topic;
  const auto compilation = open_knowledge(options.overlay, DiskFileSystem());
  if (topic == "invariant" || topic == "invariants") return explain_invariants(*compilation, options);
  if (!options.number.empty()) {
    say("tunec: only invariants have numbers, as in `tunec explain invariant 12`");
    return exit_usage_or_io;
  }
  if (looks_like_code(topic)) return explain_code(*compilation, options);
  std::vector<std::string> names;
  const auto policy = policy_text(*compilation, topic, names);
  std::vector<Topic> topics = topics_named(compilation->library, topic);
  if (policy) topics.insert(topics.begin(), {"rule", topic, *policy});
  for (const Topic& found : topics) {
    print(options.format == MessageFormat::json ? topic_json(found) : found.text);
    if (options.format == MessageFormat::text && &found != &topics.back()) print("\n");
  }
  const std::size_t at = topic.find('@');
  std::vector<PlatformFacts> platforms;
  if (at == std::string::npos) {
    platforms = all_platforms(*compilation);
  } else {
    auto platform = platform_named(*compilation, topic.substr(at + 1));
    if (!platform) {
      say(no_such_platform(*compilation, "NAME@PLATFORM", topic.substr(at + 1)));
      return exit_usage_or_io;
    }
    platforms = {std::move(*platform)};
  }
  const std::string name = topic.substr(0, at);
  if (const ParamInfo* param = find_parameter(compilation->catalogue, name)) {
    const std::vector<GuideClaim> claims = claims_about(*compilation, param->name);
    if (!topics.empty() && options.format == MessageFormat::text) print("\n");
    if (options.format == MessageFormat::json)
      print_json(knob_json(*param, platforms, compilation->catalogue, claims));
    else print(parameter_text(*param, platforms, *compilation) + claims_text(claims, param->name));
    return exit_fine;
  }
  if (!topics.empty()) return exit_fine;
  if (std::ranges::find(listed_kinds, topic) != listed_kinds.end()) {
    say(fmt::format("tunec: `{}` are several; `tunec list {}{}` lists them", topic, topic,
                    topic == "hosts" ? " SITE" : ""));
    return exit_usage_or_io;
  }
  const std::string_view meant = compilation->catalogue.meant_by(name);
  const std::vector<std::string> topics_known = topic_names(compilation->library);
  names.insert(names.end(), topics_known.begin(), topics_known.end());
  auto near = !meant.empty() ? std::optional(Near{name, std::string(meant)})
                             : nearest(name, std::vector<std::string_view>(names.begin(), names.end()));
  if (!near) near = nearest_parameter(compilation->catalogue, name);
  say(fmt::format("tunec: `{}` is nothing that tunec can explain{}", topic,
                  near ? fmt::format("; did you mean `{}`?", near->name) : ""));
  return exit_usage_or_io;
}

}  // namespace

Command command_explain() {
  const auto o = std::make_shared<Options>();
  return {
      .name = "explain",
      .summary = "Explain a diagnostic (T0701), a parameter (vm.swappiness), a profile, a policy or a fact",
      .details =
          "For a diagnostic: what it means, and how to fix it. For a parameter: type, unit, range, "
          "default, its presence on each platform, when a change takes effect, its risks, the "
          "policies that read it, and what the guides claim of it without evidence. For a profile, an intent "
          "or a policy: its text, and the numbers that a "
          "site may set. For a surface such as "
          "`mount` "
          "or `pool`, and for `facts`: a page with examples. `invariants` lists the rules between settings "
          "that "
          "tunec enforces, and `invariant 12` shows one of them.",
      .options = {{.name = "WHAT",
                   .help =
                       "The code of a diagnostic; the name of a parameter, with or without its "
                       "surface, on one platform if `@PLATFORM` follows; the name of a profile, an intent, "
                       "a policy, a fact or a surface; or `invariants`",
                   .binding = store_in(o->topic),
                   .required = true,
                   .completion = Completion::topic},
                  {.name = "NUMBER", .help = "The number of one invariant", .binding = store_in(o->number)},
                  overlay_option(o->overlay),
                  format_option(o->format, "Text, or JSON with one object a line")},
      .examples = {{"tunec explain T0701", "shows the page of a diagnostic"},
                   {"tunec explain hugepages", "shows the intent, and the boot parameter of that name"},
                   {"tunec explain vm.swappiness@debian-12", "shows a parameter on one platform"}},
      .run = [o] { return explain(*o); }};
}

}  // namespace tunec
