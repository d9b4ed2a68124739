// tunec knobs: searches the catalogue, or compares two platforms.
#include <algorithm>

#include <fmt/ranges.h>

#include "base/suggest.h"
#include "base/table.h"
#include "driver/cli/site_arguments.h"
#include "driver/present/knob.h"
#include "machine/host_pattern.h"

namespace tunec {
namespace {

struct Options {
  std::string pattern, on, surface, overlay;
  std::vector<std::string> diff;
  MessageFormat format = MessageFormat::text;
};

// A pattern without a `*` is a part of the name. With a `*` it matches the whole name, with or without the
// surface.
bool matches(std::string_view name, const std::string& pattern) {
  if (!has_wildcard(pattern)) return name.find(pattern) != std::string_view::npos;
  const std::size_t dot = name.find('.');
  return matches_pattern(pattern, name) ||
         (dot != std::string_view::npos && matches_pattern(pattern, name.substr(dot + 1)));
}

std::vector<const ParamInfo*> chosen(const Compilation& knowledge, const Options& options) {
  std::vector<const ParamInfo*> params;
  for (const std::string_view name : knowledge.catalogue.names()) {
    if (!options.pattern.empty() && !matches(name, options.pattern)) continue;
    const ParamInfo* param = knowledge.catalogue.find(name);
    const bool is_written_so = name.substr(0, name.find_first_of(".(")) == options.surface;
    if (options.surface.empty() || is_written_so || param->surface == options.surface)
      params.push_back(param);
  }
  return params;
}

std::string shortened(const std::string& text, std::size_t max_size = 40) {
  return text.size() <= max_size ? text : text.substr(0, max_size - 3) + "...";
}

int list(const Compilation& knowledge, const Options& options) {
  std::vector<PlatformFacts> platforms;
  if (options.on.empty()) {
    platforms = all_platforms(knowledge);
  } else if (auto platform = platform_named(knowledge, options.on)) {
    platforms.push_back(std::move(*platform));
  } else {
    say(no_such_platform(knowledge, "--on", options.on));
    return exit_usage_or_io;
  }
  std::string text;
  bool found = false;
  Table table;
  table.add({"name", "type", "range", "default", options.on.empty() ? "not on" : ""});
  for (const ParamInfo* param : chosen(knowledge, options)) {
    std::vector<std::string> lacking;
    KnobOnPlatform newest;
    std::optional<Version> newest_kernel;
    for (const PlatformFacts& platform : platforms) {
      KnobOnPlatform on = knob_on(*param, platform, knowledge.catalogue);
      if (on.presence == OnPlatform::missing) {
        lacking.push_back(platform.name);
      } else if (newest_kernel <= platform.platform.kernel) {
        newest = std::move(on);
        newest_kernel = platform.platform.kernel;
      }
    }
    if (!options.on.empty() && lacking.size() == platforms.size()) continue;
    if (options.format == MessageFormat::json) {
      text += knob_json(*param, platforms, knowledge.catalogue);
      continue;
    }
    found = true;
    std::string absent = options.on.empty() ? (lacking.size() == platforms.size()
                                                   ? "any"
                                                   : fmt::format("{}", fmt::join(lacking, ", ")))
                                            : "";
    table.add({param->name, type_with_unit(*param), shortened(newest.range), shortened(newest.default_value),
               std::move(absent)});
  }
  if (options.format == MessageFormat::json) {
    print_json(text);
    return exit_fine;
  }
  if (!found) {
    say("tunec: no parameter matches");
    return exit_errors;
  }
  print_text(table.text());
  return exit_fine;
}

struct Change {
  std::string kind, name, detail;
};

void compare_knob(const ParamInfo& param, const PlatformFacts& from, const PlatformFacts& to,
                  const Catalogue& catalogue, std::vector<Change>& changes, std::size_t& unknown) {
  const KnobOnPlatform before = knob_on(param, from, catalogue), after = knob_on(param, to, catalogue);
  if (before.presence == OnPlatform::unknown || after.presence == OnPlatform::unknown) {
    unknown += before.presence != after.presence ? 1 : 0;
    return;
  }
  if (before.presence == OnPlatform::missing && after.presence == OnPlatform::missing) return;
  if (after.presence == OnPlatform::missing) {
    changes.push_back(
        {after.moved.empty() ? "gone" : "moved", param.name, after.moved.empty() ? after.why : after.moved});
  } else if (before.presence == OnPlatform::missing) {
    changes.push_back({"new", param.name, before.why});
  } else {
    if (before.range != after.range)
      changes.push_back({"range", param.name, fmt::format("{} -> {}", before.range, after.range)});
    if (before.default_value != after.default_value && !before.default_value.empty() &&
        !after.default_value.empty()) {
      changes.push_back(
          {"default", param.name, fmt::format("{} -> {}", before.default_value, after.default_value)});
    }
  }
}

int diff(const Compilation& knowledge, const Options& options) {
  const auto from = platform_named(knowledge, options.diff[0]),
             to = platform_named(knowledge, options.diff[1]);
  if (!from) say(no_such_platform(knowledge, "--diff", options.diff[0]));
  if (!to) say(no_such_platform(knowledge, "--diff", options.diff[1]));
  if (!from || !to) return exit_usage_or_io;
  std::vector<Change> changes;
  std::size_t unknown = 0;
  for (const ParamInfo* param : chosen(knowledge, options))
    compare_knob(*param, *from, *to, knowledge.catalogue, changes, unknown);
  constexpr std::array<std::string_view, 5> order{"gone", "moved", "new", "range", "default"};
  std::ranges::stable_sort(changes, {}, [&](const Change& change) {
    return std::ranges::find(order, change.kind) - order.begin();
  });
  std::string text;
  Table table;
  for (const Change& change : changes) {
    text += change_json(change.kind, change.name, change.detail);
    table.add({change.kind, change.name, change.detail});
  }
  if (options.format == MessageFormat::json) print_json(text);
  else print_text(table.text());
  if (options.format == MessageFormat::text) {
    say(fmt::format("{} to {}: {}{}", from->platform.describe(), to->platform.describe(),
                    counted(changes.size(), "difference"),
                    unknown == 0 ? "" : fmt::format("; {} more with one side unknown", unknown)));
  }
  return exit_fine;
}

// If no parameter is of the surface, prints an error and returns false.
bool is_surface(const Catalogue& catalogue, const std::string& surface) {
  std::set<std::string_view> surfaces;
  for (const std::string_view name : catalogue.names()) {
    surfaces.insert(name.substr(0, name.find_first_of(".(")));
    surfaces.insert(catalogue.find(name)->surface);
  }
  if (surfaces.contains(surface)) return true;
  const auto near = nearest(surface, std::vector<std::string_view>(surfaces.begin(), surfaces.end()));
  say(fmt::format("tunec: --surface: there is no surface `{}`; {}", surface,
                  near ? fmt::format("did you mean `{}`?", near->name)
                       : fmt::format("there are {}", fmt::join(surfaces, ", "))));
  return false;
}

int knobs(const Options& options) {
  const auto knowledge = open_knowledge(options.overlay, DiskFileSystem());
  if (!options.surface.empty() && !is_surface(knowledge->catalogue, options.surface)) return exit_usage_or_io;
  return options.diff.empty() ? list(*knowledge, options) : diff(*knowledge, options);
}

}  // namespace

Command command_knobs() {
  const auto o = std::make_shared<Options>();
  return {.name = "knobs",
          .summary = "Search the catalogue, or list what differs between two platforms",
          .details =
              "With `--diff` the list shows what an upgrade from one platform to another does: what is "
              "gone, moved, new or different on the second one.",
          .options = {{.name = "PATTERN",
                       .help = "A part of the names, or a pattern such as net.ipv4.tcp_*mem",
                       .binding = store_in(o->pattern)},
                      {.name = "--on",
                       .value = "PLATFORM",
                       .help = "Only parameters that this platform has, as in debian-12",
                       .binding = store_in(o->on),
                       .completion = Completion::platform},
                      {.name = "--surface",
                       .value = "SURFACE",
                       .help = "Only parameters of this surface: sysctl, module, boot, qemu, udev, sysfs ...",
                       .binding = store_in(o->surface),
                       .completion = Completion::surface},
                      {.name = "--diff",
                       .value = "FROM TO",
                       .help = "Compare two platforms",
                       .binding = store_in(o->diff, 2, 2),
                       .completion = Completion::platform,
                       .excludes = "--on"},
                      overlay_option(o->overlay),
                      format_option(o->format, "Text, or JSON with one object a line")},
          .examples = {{"tunec knobs swap", "lists the parameters with `swap` in their names"},
                       {"tunec knobs --diff debian-12 debian-13", "shows what an upgrade changes"}},
          .run = [o] { return knobs(*o); }};
}

}  // namespace tunec
