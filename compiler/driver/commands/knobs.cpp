// tunec knobs: the catalogue, searched; and what differs between two platforms.
#include <algorithm>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "driver/present/knob.h"
#include "machine/host_pattern.h"

namespace tunec {
namespace {

struct Arguments {
  std::string pattern, on, surface, overlay;
  std::vector<std::string> diff;
  MessageFormat format = MessageFormat::text;
};

// A pattern without a `*` is a part of the name; with one it is for the whole, with its surface or without.
bool matches(std::string_view name, const std::string& pattern) {
  if (!has_wildcard(pattern)) return name.find(pattern) != std::string_view::npos;
  const std::size_t dot = name.find('.');
  return matches_pattern(pattern, name) ||
         (dot != std::string_view::npos && matches_pattern(pattern, name.substr(dot + 1)));
}

std::vector<const ParamInfo*> chosen(const Compilation& knowledge, const Arguments& arguments) {
  std::vector<const ParamInfo*> params;
  for (const std::string_view name : knowledge.catalogue.names()) {
    if (!arguments.pattern.empty() && !matches(name, arguments.pattern)) continue;
    const ParamInfo* param = knowledge.catalogue.find(name);
    if (arguments.surface.empty() || param->surface == arguments.surface) params.push_back(param);
  }
  return params;
}

// Columns as wide as what is in them, but the last.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i + 1 < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += fmt::format("{:<{}}", row[i], i + 1 < row.size() ? widths[i] + 2 : 0);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

std::string shortened(const std::string& text, std::size_t most = 40) {
  return text.size() <= most ? text : text.substr(0, most - 3) + "...";
}

int list(const Compilation& knowledge, const Arguments& arguments) {
  std::vector<PlatformFacts> platforms;
  if (arguments.on.empty()) {
    platforms = all_platforms(knowledge);
  } else if (auto platform = platform_named(knowledge, arguments.on, "--on")) {
    platforms.push_back(std::move(*platform));
  } else {
    return exit_usage_or_io;
  }
  std::string text;
  std::vector<std::vector<std::string>> rows{
      {"name", "type", "range", "default", arguments.on.empty() ? "not on" : ""}};
  for (const ParamInfo* param : chosen(knowledge, arguments)) {
    std::vector<std::string> lacking;
    KnobOnPlatform newest;
    std::optional<Version> newest_kernel;
    for (const PlatformFacts& platform : platforms) {
      KnobOnPlatform on = knob_on(*param, platform, knowledge.catalogue);
      if (on.presence == OnPlatform::missing) {
        lacking.push_back(platform.name);
      } else if (newest_kernel <= platform.facts.kernel) {
        newest = std::move(on);
        newest_kernel = platform.facts.kernel;
      }
    }
    if (!arguments.on.empty() && lacking.size() == platforms.size()) continue;
    if (arguments.format == MessageFormat::json) {
      text += knob_json(*param, platforms, knowledge.catalogue);
      continue;
    }
    std::string absent = arguments.on.empty() ? (lacking.size() == platforms.size()
                                                     ? "any"
                                                     : fmt::format("{}", fmt::join(lacking, ", ")))
                                              : "";
    rows.push_back({param->name, type_with_unit(*param), shortened(newest.range), shortened(newest.standard),
                    std::move(absent)});
  }
  if (arguments.format == MessageFormat::json) {
    print(text);
    return exit_fine;
  }
  if (rows.size() == 1) {
    say("tunec: no parameter matches");
    return exit_errors;
  }
  print(aligned(rows));
  return exit_fine;
}

struct Change {
  std::string what, name, detail;
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
    if (before.standard != after.standard && !before.standard.empty() && !after.standard.empty()) {
      changes.push_back({"default", param.name, fmt::format("{} -> {}", before.standard, after.standard)});
    }
  }
}

int diff(const Compilation& knowledge, const Arguments& arguments) {
  const auto from = platform_named(knowledge, arguments.diff[0], "--diff"),
             to = platform_named(knowledge, arguments.diff[1], "--diff");
  if (!from || !to) return exit_usage_or_io;
  std::vector<Change> changes;
  std::size_t unknown = 0;
  for (const ParamInfo* param : chosen(knowledge, arguments))
    compare_knob(*param, *from, *to, knowledge.catalogue, changes, unknown);
  constexpr std::array<std::string_view, 5> order{"gone", "moved", "new", "range", "default"};
  std::ranges::stable_sort(changes, {}, [&](const Change& change) {
    return std::ranges::find(order, change.what) - order.begin();
  });
  std::string text;
  std::vector<std::vector<std::string>> rows;
  for (const Change& change : changes) {
    const nlohmann::ordered_json json{
        {"change", change.what}, {"name", change.name}, {"detail", change.detail}};
    text += json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
    rows.push_back({change.what, change.name, change.detail});
  }
  print(arguments.format == MessageFormat::json ? text : aligned(rows));
  if (arguments.format == MessageFormat::text) {
    say(fmt::format("{} to {}: {} difference{}{}", from->facts.describe(), to->facts.describe(),
                    changes.size(), changes.size() == 1 ? "" : "s",
                    unknown == 0 ? "" : fmt::format("; {} more of which one side is not known", unknown)));
  }
  return exit_fine;
}

int knobs(const Arguments& arguments) {
  const auto knowledge = open_knowledge(arguments.overlay, DiskFileSystem());
  return arguments.diff.empty() ? list(*knowledge, arguments) : diff(*knowledge, arguments);
}

void declare(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "knobs", "Search the catalogue; with --diff, what differs between two platforms");
  command->add_option("pattern", arguments->pattern,
                      "A part of names, or a pattern such as net.ipv4.tcp_*mem");
  auto* on = command->add_option("--on", arguments->on, "Only what this platform has, as in debian-12");
  command->add_option("--surface", arguments->surface,
                      "Only of this carrier: sysctl, module, boot, qemu, udev, sysfs …");
  command
      ->add_option("--diff", arguments->diff,
                   "Two platforms: what is gone, moved, new or different on the second")
      ->expected(2)
      ->allow_extra_args(false)
      ->excludes(on);
  command->add_option("--stdlib", arguments->overlay, "A directory with params/*.yaml of your own");
  one_of<MessageFormat>(
      command->add_option("--format", arguments->format, "text, or json: one object a line"),
      {{"text", MessageFormat::text}, {"json", MessageFormat::json}});
  command->callback([arguments, &status] { status = knobs(*arguments); });
}

}  // namespace

extern const Command command_knobs{declare};

}  // namespace tunec
