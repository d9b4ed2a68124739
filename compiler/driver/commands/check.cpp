// tunec check: everything but writing. For editors, pre-commit and pipelines.
#include "base/suggest.h"
#include "driver/cli/replaced_file.h"
#include "driver/cli/site_arguments.h"
#include "driver/git_files.h"
#include "driver/leak.h"
#include "driver/present/decisions.h"
#include "driver/present/findings/findings.h"
#include "driver/present/knob.h"
#include "site/standard_input.h"

namespace tunec {
namespace {

struct Options {
  std::vector<std::string> sites;
  SiteArguments site;
  MessageFormat format = MessageFormat::text;
  bool decisions = false;
  std::string as, stdin_name, only, changed_since;
};

// Reads --as. If there is no such platform, prints an error and returns false.
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

// The files as the user sees them; standard input stands for the file that --stdin-name names.
std::shared_ptr<const FileSystem> files_for(const Options& options) {
  std::shared_ptr<const FileSystem> files(std::shared_ptr<void>(), &site_files());
  if (options.stdin_name.empty()) return files;
  return std::make_shared<ReplacedFile>(std::move(files), options.stdin_name, std::string(standard_input));
}

std::vector<std::string> all_sites(const Options& options) {
  std::vector<std::string> sites;
  for (const std::string& site : options.sites) {
    const auto below = sites_below(site);
    if (!below) {
      const bool from_input = site == "/dev/stdin" || site == standard_input;
      sites.push_back(!from_input                  ? site
                      : options.stdin_name.empty() ? std::string(standard_input)
                                                   : options.stdin_name);
      continue;
    }
    sites.insert(sites.end(), below->begin(), below->end());
  }
  // Each file once, even if both a directory and a file in it are given
  std::vector<std::string> once;
  for (std::string& site : sites) {
    if (std::ranges::find(once, site) == once.end()) once.push_back(std::move(site));
  }
  return once;
}

// Whether any file that a site reads has changed since that revision.
bool differs_from(const RevisionFiles& revision, const Compilation& c, const FileSystem& files) {
  constexpr std::size_t max_bytes = std::size_t{64} << 20;
  for (std::uint32_t i = 0; i < c.sources.size(); ++i) {
    const FileId file{i};
    if (c.sources.shipped(file)) continue;
    const std::string name(c.sources.name(file));
    if (!revision.is_inside(name)) return true;  // its earlier content is unknown
    const auto then = revision.read(name, max_bytes), now = files.read(name, max_bytes);
    const auto *old_text = std::get_if<std::string>(&then), *new_text = std::get_if<std::string>(&now);
    if (old_text == nullptr || new_text == nullptr || *old_text != *new_text) return true;
  }
  return false;
}

// Leaves out the sites without a change since a revision.
bool leave_out_unchanged(const Options& options, const FileSystem& files, std::vector<std::string>& sites) {
  if (options.changed_since.empty() || sites.empty()) return true;
  GitResult opened = open_revision(sites.front(), options.changed_since);
  if (const auto* error = std::get_if<std::string>(&opened)) {
    say("tunec: --changed-since: " + *error);
    return false;
  }
  const RevisionFiles& revision = *std::get<std::unique_ptr<RevisionFiles>>(opened);
  std::erase_if(sites, [&](const std::string& site) {
    SiteOptions loaded = options.site.options;
    loaded.main_file = site;
    const auto c = compile_site(loaded, files, StopAfter::resolve);
    return c->main_file_read && !differs_from(revision, *c, files);
  });
  return true;
}

bool knows_codes(const std::vector<std::string>& codes) {
  std::vector<std::string_view> all;
  for (const DiagInfo* info : all_diagnostics()) all.push_back(info->code);
  for (const std::string& code : codes) {
    if (std::ranges::find(all, code) != all.end()) continue;
    const auto near = nearest(code, all);
    say(fmt::format("tunec: --only: there is no diagnostic `{}`{}", code,
                    near ? fmt::format("; did you mean `{}`?", near->name) : ""));
    return false;
  }
  return true;
}

// Each file is checked by itself: it is a site, or a library of profiles and policies.
int check(Options& options) {
  if (!options.site.complete() || !complete_platform(options)) return exit_usage_or_io;
  terminal_options().only = words_of(options.only);
  if (!knows_codes(terminal_options().only)) return exit_usage_or_io;
  const auto files = files_for(options);
  std::vector<std::string> sites = all_sites(options);
  if (sites.empty()) {
    say(fmt::format("tunec: no file below {} declares a site", fmt::join(options.sites, ", ")));
    return exit_usage_or_io;
  }
  if (!leave_out_unchanged(options, *files, sites)) return exit_usage_or_io;
  int status = exit_fine;
  FindingsPrinter printer(options.format);
  for (const std::string& site : sites) {
    options.site.options.main_file = site;
    progress("checking " + site);
    Compilation& compilation = leak_until_exit(compile_site(options.site.options, *files));
    status = std::max(status, printer.print_site(compilation, site));
    if (options.decisions && compilation.main_file_read) print_decisions(compilation, options.format);
  }
  printer.finish();
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
          "`--format short` prints `file:line:column: error[T0402]: …` for editors; `sarif`, `github`, "
          "`gitlab` and "
          "`junit` are for the services of these names, with paths relative to the repository.\n\n"
          "With `--format json` each line is an object for one diagnostic: code, severity, message, file, "
          "line, column, end, labels, help, hosts, and fixes where they are known: what each says, whether "
          "it is "
          "certain, and its edits. An object of `--decisions` has decision, parameter, "
          "value, instead, why, platform, hosts, file, line, column.",
      .options = with_sites(
          o->site, o->sites,
          "Main files of sites, or files of profiles and policies; a directory is all sites below it; - is "
          "standard "
          "input",
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
           {.name = "--warnings-as-errors",
            .help = "The same as --strict",
            .binding = store_in(terminal_options().strict)},
           {.name = "--only",
            .value = "CODES",
            .help = "Show and count these diagnostics alone, as in T0402,T0600",
            .binding = store_in(o->only)},
           {.name = "--max",
            .value = "N",
            .help = "Show the first N diagnostics of a site, and count the others",
            .binding = store_in(terminal_options().max_shown, 1, 1'000'000)},
           {.name = "--stdin-name",
            .value = "FILE",
            .help = "The name of the file that standard input is, so that its imports are found",
            .binding = store_in(o->stdin_name)},
           {.name = "--changed-since",
            .value = "REVISION",
            .help = "Check only sites of which a file differs from this git revision",
            .binding = store_in(o->changed_since)},
           findings_format_option(o->format, "--format")}),
      .examples = {{"tunec check site.tune", "checks a site"},
                   {"git show :site.tune | tunec check -", "checks what is staged"},
                   {"tunec check . --format sarif >tunec.sarif", "checks all sites, for code scanning"},
                   {"tunec check site.tune --as debian-13", "shows what an upgrade would break"}},
      .run = [o] { return check(*o); }};
}

}  // namespace tunec
