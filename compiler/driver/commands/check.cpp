// tunec check: everything but writing. For editors, pre-commit and pipelines.
#include <fmt/ranges.h>

#include "driver/command.h"
#include "driver/present/decisions.h"

namespace tunec {
namespace {

struct Arguments {
  std::vector<std::string> sites;
  SiteArguments site;
  MessageFormat format = MessageFormat::text;
  bool decisions = false;
  std::string as;
};

// The platform's name as the facts have it. False, after saying which there are, if there is none.
bool complete_platform(Arguments& arguments) {
  if (arguments.as.empty()) return true;
  const auto knowledge = open_knowledge(arguments.site.options.overlay, DiskFileSystem());
  const auto platform = knowledge->platforms.named(arguments.as);
  if (platform) arguments.site.options.as = *platform;
  else
    say(fmt::format("tunec: --as: there is no platform `{}`; there are {}", arguments.as,
                    fmt::join(knowledge->platforms.names(), ", ")));
  return platform.has_value();
}

void print_decisions(const Compilation& c, MessageFormat format) {
  const std::vector<Decision> all = decisions(c.planned, c.sources);
  print(format == MessageFormat::json ? decisions_json(all, c.sources)
                                      : decisions_text(all, c.plan(), c.sources));
}

// One file after the other: each is a site, or a library of profiles and policies, of its own.
int check(Arguments& arguments) {
  if (!arguments.site.complete() || !complete_platform(arguments)) return exit_usage_or_io;
  int status = exit_fine;
  for (const std::string& site : arguments.sites) {
    arguments.site.options.main_file = site;
    progress("checking " + site);
    Compilation& compilation = kept(compile_site(arguments.site.options, DiskFileSystem()));
    status = std::max(status, print_diagnostics(compilation, arguments.format));
    if (arguments.decisions && compilation.main_file_read) print_decisions(compilation, arguments.format);
  }
  return status;
}

void declare(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("check", "Check sites, and write nothing");
  command->add_option("site", arguments->sites, "Main files of sites, or files of profiles and policies")
      ->required();
  command->add_option("--stdlib", arguments->site.options.overlay,
                      "A directory with params/*.yaml, policies/*.tune and profiles/*.tune of your own");
  command->add_option("--today", arguments->site.today, today_help);
  command->add_option("--as", arguments->as,
                      "A platform, as in debian-13: check the site as if all its hosts ran that");
  command->add_flag("--hints", arguments->site.options.hints, "Also say which lines only repeat a default");
  command->add_flag("--decisions", arguments->decisions,
                    "Also list, for each platform, what was kept, replaced or dropped there, and why");
  one_of<MessageFormat>(command->add_option("--format", arguments->format,
                                            "text, or json: one object a line on standard output"),
                        {{"text", MessageFormat::text}, {"json", MessageFormat::json}});
  command->callback([arguments, &status] { status = check(*arguments); });
}

}  // namespace

extern const Command command_check{declare};

}  // namespace tunec
