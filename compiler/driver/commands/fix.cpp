// tunec fix: applies the fixes that diagnostics propose.
#include <fmt/core.h>

#include "base/text_diff.h"
#include "diagnostics/fixes.h"
#include "driver/cli/site_arguments.h"
#include "driver/fix_sites.h"
#include "driver/leak.h"
#include "output/replace_file.h"
#include "site/standard_input.h"

namespace tunec {
namespace {

struct Options {
  std::vector<std::string> sites;
  SiteArguments site;
  bool dry_run = false;
};

int fault(const std::string& text) {
  say("tunec: " + text);
  return exit_usage_or_io;
}

// If a site cannot be read, prints an error and returns false.
bool all_read(const FixedSites& fixed) {
  for (const auto& site : fixed.sites) {
    if (site->main_file_read) continue;
    print_diagnostics(*site, MessageFormat::text);
    return false;
  }
  return true;
}

int write_files(const FixedSites& fixed) {
  int status = exit_fine;
  for (const auto& [name, text] : fixed.files) {
    if (const std::string error = rewrite_file(name, text.after); !error.empty()) status = fault(error);
  }
  return status;
}

// What a person has to choose: fixes that are not certain, or that did not help.
std::string left_over(const FixedSites& fixed) {
  std::string text;
  for (const auto& site : fixed.sites) {
    for (const Diagnostic& diagnostic : site->reporter.sorted()) {
      for (const Fix& fix : fixes_of(diagnostic, site->sources)) {
        for (const AppliedFix& change : changes_of(fix.edits, site->sources)) {
          const std::string line = proposed(change) + "\n";
          if (text.find(line) == std::string::npos) text += line;
        }
      }
    }
  }
  return text;
}

int fix(Options& options) {
  if (!options.site.complete()) return exit_usage_or_io;
  std::vector<SiteOptions> sites;
  for (const std::string& site : options.sites) {
    if (site == standard_input || site == "/dev/stdin") return fault("`fix` changes files: name one");
    const auto below = sites_below(site);
    for (const std::string& file : below ? *below : std::vector{site}) {
      sites.push_back(options.site.options);
      sites.back().main_file = file;
    }
  }
  if (sites.empty()) return fault("no file below what was named declares a site");
  FixedSites& fixed = leak_until_exit(std::make_unique<FixedSites>(fix_sites(sites, DiskFileSystem())));
  if (!all_read(fixed)) return exit_usage_or_io;
  if (!options.dry_run) {
    if (const int status = write_files(fixed); status != exit_fine) return status;
  }
  std::string text;
  for (const AppliedFix& change : fixed.changes) text += described(change) + "\n";
  if (options.dry_run) {
    for (const auto& [name, changed] : fixed.files)
      text += unified_diff(name, changed.before, name + " (fixed)", changed.after);
  }
  if (const std::string left = left_over(fixed); !left.empty())
    text += fmt::format("{}left for you to decide:\n{}", text.empty() ? "" : "\n", left);
  if (text.empty()) text = "nothing to fix\n";
  print_text(text);
  int status = exit_fine;
  for (const auto& site : fixed.sites)
    status = std::max(status, print_diagnostics(*site, MessageFormat::text));
  return status;
}

}  // namespace

Command command_fix() {
  const auto o = std::make_shared<Options>();
  return {
      .name = "fix",
      .summary = "Write what the diagnostics say to write",
      .details =
          "Applies the fixes that are certain: a name with one near name, another system's spelling of a "
          "unit, "
          "a list or a range, missing quotes, a name that moved, lines that do nothing. After each step the "
          "sites are checked again, and a fix that does not help is taken back. Lines in tunec's style stay "
          "in "
          "it.\n\n"
          "Prints each change, then the fixes that a person has to decide, and the diagnostics that are "
          "left. "
          "Files that the sites import are changed too; YAML files are not.",
      .options = with_sites(o->site, o->sites, "Main files of sites, or directories: all sites below them",
                            {{.name = "--dry-run",
                              .help = "Write nothing; show what would change as a unified diff",
                              .binding = store_in(o->dry_run)},
                             {.name = "--hints",
                              .help = "Also show lines that only repeat a default",
                              .binding = store_in(o->site.options.hints)}}),
      .examples = {{"tunec fix site.tune", "fixes a site"},
                   {"tunec fix --dry-run site.tune", "shows what it would change"}},
      .run = [o] { return fix(*o); }};
}

}  // namespace tunec
