// tunec check: everything but writing. For editors, pre-commit and pipelines.
#include "driver/cli/site_arguments.h"
#include "driver/leak.h"
#include "driver/present/decisions.h"
#include "driver/present/knob.h"
#include "site/standard_input.h"

namespace tunec {
namespace {

struct Options {
  std::vector<std::string> sites;
  SiteArguments site;
  MessageFormat format = MessageFormat::text;
  bool decisions = false;
  std::string as;
};

// Reads --as. False, after an error message, if there is no such platform.
bool complete_platform(Options& options) {
  if (options.as.empty()) return true;
  const auto knowledge = open_knowledge(options.site.options.overlay, DiskFileSystem());
  const auto platform = knowledge->platforms.named(options.as);
  if (platform) options.site.options.as = *platform;
  else say(no_such_platform(*knowledge, "--as", options.as));
  return platform.has_value();
}

void print_decisions(const Compilation& c, MessageFormat format) {
  const std::vector<Decision> all = decisions(c.planned, c.sources);
  if (format == MessageFormat::json) print_json(decisions_json(all, c.sources));
  else print_text(decisions_text(all, c.plan(), c.sources));
}

// Each file is checked by itself: a site, or a library of profiles and policies.
int check(Options& options) {
  if (!options.site.complete() || !complete_platform(options)) return exit_usage_or_io;
  int status = exit_fine;
  for (const std::string& site : options.sites) {
    options.site.options.main_file = site == "/dev/stdin" ? std::string(standard_input) : site;
    progress("checking " + site);
    Compilation& compilation = leak_until_exit(compile_site(options.site.options, site_files()));
    status = std::max(status, print_diagnostics(compilation, options.format));
    if (options.decisions && compilation.main_file_read) print_decisions(compilation, options.format);
  }
  return status;
}

}  // namespace

Command command_check() {
  const auto o = std::make_shared<Options>();
  return {
      .name = "check",
      .summary = "Check sites without writing anything",
      .details =
          "Reports the errors and warnings that `tunec compile` would report. A file without a `site` "
          "declaration is checked as a library of profiles and policies.\n\n"
          "`--as` replaces the operating system of every host, with its kernel, libvirt, systemd, GRUB and "
          "QEMU. The machines stay the same, and so do the hosts of tests.\n\n"
          "With `--format json` each line is an object for one diagnostic: code, severity, message, file, "
          "line, column, end, labels, help, hosts. An object of `--decisions` has decision, parameter, "
          "value, instead, why, platform, hosts, file, line, column.",
      .options = with_sites(
          o->site, o->sites, "Main files of sites, or files of profiles and policies; - is standard input",
          {{.name = "--as",
            .value = "PLATFORM",
            .help = "Check the site as if all its hosts ran this platform, as in debian-13",
            .binding = store_in(o->as),
            .completion = Completion::platform},
           {.name = "--hints",
            .help = "Also report lines that only repeat a default",
            .binding = store_in(o->site.options.hints)},
           {.name = "--decisions",
            .help = "Also list, for each platform, what was kept, replaced or dropped there, and why",
            .binding = store_in(o->decisions)},
           strict_option(),
           format_option(o->format, "Text, or JSON with one object a line on standard output")}),
      .examples = {{"tunec check site.tune", "checks a site"},
                   {"git show :site.tune | tunec check -", "checks what is staged"},
                   {"tunec check site.tune --as debian-13", "shows what an upgrade would break"}},
      .run = [o] { return check(*o); }};
}

}  // namespace tunec
