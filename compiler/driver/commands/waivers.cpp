// tunec waivers: the policies and risks that are waived, with hosts, owner and expiry. For reviews and daily
// pipelines.
#include <algorithm>

#include "driver/cli/site_arguments.h"
#include "driver/present/waivers.h"

namespace tunec {
namespace {

struct Options {
  std::vector<std::string> sites;
  SiteArguments site;
  MessageFormat format = MessageFormat::text;
};

// Shows all diagnostics, since the waivers of an unreadable file would be missing silently.
int waivers(Options& options) {
  if (!options.site.complete()) return exit_usage_or_io;
  int status = exit_fine;
  for (const std::string& site : options.sites) {
    options.site.options.main_file = site;
    auto compilation = compile_site(options.site.options, site_files());
    status = std::max(status, print_diagnostics(*compilation, MessageFormat::text));
    const Waivers& all = compilation->waivers;
    const Date today = *options.site.options.today;
    if (options.format == MessageFormat::json)
      print_json(waivers_json(all, compilation->reporter, compilation->sources, today));
    else if (!all.entries().empty())
      print_text(waivers_text(all, compilation->reporter, compilation->sources, today));
    else if (!compilation->reporter.has_errors()) print("nothing is waived\n");
  }
  return status;
}

}  // namespace

Command command_waivers() {
  const auto o = std::make_shared<Options>();
  return {.name = "waivers",
          .summary = "List what is waived: on which hosts, by whom, until when",
          .details = "The waiver that expires first comes first. An expired waiver is an error.",
          .options = with_sites(o->site, o->sites, "Main files of sites",
                                {format_option(o->format, "Text, or JSON with one object a line")}),
          .run = [o] { return waivers(*o); }};
}

}  // namespace tunec
