// tunec diff: what a change does to the fleet.
#include <algorithm>

#include "base/suggest.h"
#include "driver/cli/diff_sides.h"
#include "driver/cli/site_arguments.h"
#include "driver/git_authors.h"
#include "driver/leak.h"
#include "driver/present/review/view.h"
#include "machine/host_names.h"
#include "plan/platform/boot_state.h"
#include "source/yaml_packed.h"

namespace tunec {
namespace {

enum class DiffFormat { text, markdown, json };
constexpr std::array<std::string_view, 9> failing_words{
    "live", "reload", "restart", "module-reload", "vm-restart", "reboot", "risk", "removal", "any"};

enum class Expected { anything, none };

struct Options {
  DiffArguments versions;
  SiteArguments site;
  std::string fail_on, domains;
  std::string group_text;
  std::string keep = "75%";
  DiffFormat format = DiffFormat::text;
  Expected expected = Expected::anything;
  bool files = false;
  ReviewView view;
};

Compilation& compiled(const Options& options, const DiffSide& version) {
  progress("compiling " + version.name);
  SiteOptions site = options.site.options;
  site.main_file = version.path;
  site.as = version.as;
  site.needs_site = true;
  return leak_until_exit(compile_site(site, *version.files, StopAfter::render));
}

// Only errors are said: what else was found before and after is part of the review.
int say_errors(const Compilation& c, const DiffSide& version) {
  if (!c.reporter.has_errors()) return exit_fine;
  say(fmt::format("tunec: errors in {}:", version.name));
  const bool quiet = std::exchange(terminal_options().quiet, true);
  const int status = print_diagnostics(c, MessageFormat::text);
  terminal_options().quiet = quiet;
  return status;
}

bool read_percent(const std::string& text, int& percent) {
  const Value value = scalar_from_text(text.ends_with('%') ? text : text + "%");
  const auto* given = value.get_if<Percent>();
  if (given == nullptr) return false;
  for (percent = 0; percent < 100; ++percent) {
    if (given->of_hundred == Fraction(percent)) return true;
  }
  return false;
}

bool complete(Options& options) {
  if (!options.site.complete()) return false;
  if (!read_percent(options.keep, options.view.keep_percent)) {
    say(fmt::format("tunec: --keep is a whole percentage from 0% to 99%, not `{}`", options.keep));
    return false;
  }
  for (const std::string& word : words_of(options.fail_on)) {
    if (std::ranges::find(failing_words, word) != failing_words.end()) continue;
    const auto near = nearest(word, {failing_words.begin(), failing_words.end()});
    say(fmt::format("tunec: --fail-on knows no `{}`{}: {}", word,
                    near ? fmt::format(" (did you mean `{}`?)", near->name) : "",
                    fmt::join(failing_words, ", ")));
    return false;
  }
  return true;
}

// Whether something is there that --fail-on names.
bool fails(const Options& options, const Review& review, const EffectKinds& kinds) {
  if (options.expected == Expected::none && !review.is_empty()) return true;
  const Consequences& c = review.consequences;
  for (const std::string& word : words_of(options.fail_on)) {
    if (word == "any" && !review.is_empty()) return true;
    if (word == "removal" &&
        (!review.removed.empty() || std::ranges::any_of(review.changes, &Change::removed)))
      return true;
    if (word == "risk" &&
        (std::ranges::any_of(c.begun, &FindingChange::is_risk) || !c.waivers_begun.empty() ||
         std::ranges::any_of(review.changes, [](const Change& change) { return !change.risk.empty(); })))
      return true;
    for (const Change& change : review.changes) {
      if (change.is_felt && !change.is_of_site && kinds[change.effect].word == word) return true;
    }
  }
  return false;
}

EffectKinds kinds_of(const Compilation& c) {
  const ShippedFile* file = c.library.find("stdlib/review.packed");
  return EffectKinds(*yaml::unpacked(file->text));
}

// Of one host, if the user asked for one.
std::vector<FileChange> of_host(std::vector<FileChange> changes, const std::string& host) {
  if (host.empty()) return changes;
  for (FileChange& change : changes)
    std::erase_if(change.hosts, [&](const std::string& name) { return name != host; });
  std::erase_if(changes, [](const FileChange& change) { return change.hosts.empty(); });
  return changes;
}

// Trees, or a tree and what a site would write now: their files are compared.
int diff_of_files(Options& options, const DiffSide& before, const DiffSide& after) {
  std::vector<FleetFiles> sides;
  for (const DiffSide* version : {&before, &after}) {
    progress("reading " + version->name);
    if (version->is_tree) {
      sides.push_back(files_in(version->path, *version->files));
      if (!sides.back().empty()) continue;
      say(fmt::format("tunec: `{}` has no host that tunec wrote (HOST/manifest.json)", version->path));
      return exit_usage_or_io;
    }
    Compilation& c = compiled(options, *version);
    if (const int status = say_errors(c, *version); status != exit_fine) return status;
    sides.push_back(files_of(c.rendered));
  }
  for (const FleetFiles& files : sides) {
    if (options.view.host.empty() || files.contains(options.view.host)) continue;
    say(fmt::format("tunec: one side has no host `{}`", options.view.host));
    return exit_usage_or_io;
  }
  const std::vector<FileChange> changes = of_host(changed_files(sides[0], sides[1]), options.view.host);
  if (before.is_tree && after.is_tree) {
    options.view.written_before = tree_written_by(before.path, *before.files);
    options.view.written_after = tree_written_by(after.path, *after.files);
  }
  switch (options.format) {
    case DiffFormat::text: print_text(files_text(changes, options.view, output_style())); break;
    case DiffFormat::markdown: print(files_markdown(changes, options.view)); break;
    case DiffFormat::json: print_json(files_json(changes, options.view)); break;
  }
  const bool fails = (options.expected == Expected::none && !changes.empty()) ||
                     std::ranges::any_of(words_of(options.fail_on), [&](const std::string& word) {
                       return std::ranges::any_of(changes, [&](const FileChange& change) {
                         return word == "any" || word == change.effect ||
                                (word == "removal" && change.removed);
                       });
                     });
  return fails ? exit_found : exit_fine;
}

std::string label_of_no_host(const Compilation& c, const std::vector<std::string>& labels) {
  for (const std::string& name : labels) {
    const bool is_host = std::ranges::any_of(c.plan().hosts, [&](const HostPlan& host) {
      return host.labels && !label(*host.labels, domain_label(name)).poisoned();
    });
    if (!is_host) return name;
  }
  return "";
}

bool has_host(const Compilation& c, const std::string& name) {
  return std::ranges::find(c.plan().hosts, name, &HostPlan::name) != c.plan().hosts.end();
}

int diff(Options& options) {
  options.versions.overlay = options.site.options.overlay;
  if (!complete(options)) return exit_usage_or_io;
  const auto both = diff_sides(options.versions);
  if (!both) return exit_usage_or_io;
  options.view.before = both->first.name;
  options.view.after = both->second.name;
  if (both->first.is_tree || both->second.is_tree) return diff_of_files(options, both->first, both->second);
  std::vector<Compilation*> sides;
  int status = exit_fine;
  for (const DiffSide& version : {both->first, both->second}) {
    sides.push_back(&compiled(options, version));
    status = std::max(status, say_errors(*sides.back(), version));
  }
  const auto unknown = [](const Compilation* c) {
    return c->reporter.has_errors() && c->plan().hosts.empty();
  };
  if (status == exit_usage_or_io || std::ranges::any_of(sides, unknown)) return status;
  if (!options.view.host.empty() && !has_host(*sides[0], options.view.host) &&
      find_host(*sides[1], options.view.host) == nullptr)
    return exit_usage_or_io;
  if (both->second.replaced && !both->second.replaced->was_read()) {
    say(fmt::format(
        "tunec: --with: the site reads no file `{}`; name it as the site's import and directory do",
        both->second.replaced->path()));
    return exit_usage_or_io;
  }
  progress("comparing");
  const BootState before_state(sides[0]->plan(), sides[0]->catalogue, sides[0]->boot_order),
      after_state(sides[1]->plan(), sides[1]->catalogue, sides[1]->boot_order);
  const auto side = [](Compilation& c, const BootState& state, const DiffSide& from) {
    return Side{c.plan(),    {c.fleet, c.catalogue, c.sources, c.waivers, state, true},
                c.reporter,  c.today,
                &c.rendered, from.path};
  };
  const EffectKinds kinds = kinds_of(*sides[1]);
  ReviewView& view = options.view;
  view.errors_before = sides[0]->reporter.errors();
  view.errors_after = sides[1]->reporter.errors();
  const Side after = side(*sides[1], after_state, both->second);
  Review review = narrowed(review_of(side(*sides[0], before_state, both->first), after, kinds), kinds, view);
  if (!both->first.revision.empty() && (view.full || view.group != 0 || options.format == DiffFormat::json))
    add_authors(review, both->second.path, both->first.revision, both->second.revision);
  WaveOptions waves;
  waves.keep_percent = view.keep_percent;
  if (!options.domains.empty()) waves.domains = words_of(options.domains);
  if (const std::string nobodys = options.domains.empty() ? "" : label_of_no_host(*sides[1], waves.domains);
      !nobodys.empty()) {
    say(fmt::format("tunec: --domain: no host has a label `{}`; write rack, or the name of one of its labels",
                    nobodys));
    return exit_usage_or_io;
  }
  const Waves groups = waves_of(review, sides[0]->plan(), after, kinds, waves);
  const std::vector<FileChange> files =
      options.files
          ? of_host(changed_files(files_of(sides[0]->rendered), files_of(sides[1]->rendered)), view.host)
          : std::vector<FileChange>();
  switch (options.format) {
    case DiffFormat::text:
      print_text(review_text(review, kinds, groups, view, output_style()));
      if (options.files) print_text("\n" + files_text(files, view, output_style()));
      break;
    case DiffFormat::markdown: print(review_markdown(review, kinds, groups, view)); break;
    case DiffFormat::json:
      print_json(review_json(review, kinds, groups, view, options.files ? &files : nullptr));
      break;
  }
  if (status != exit_fine) return status;
  return fails(options, review, kinds) ? exit_found : exit_fine;
}

}  // namespace

Command command_diff() {
  const auto o = std::make_shared<Options>();
  std::vector<Option> own{
      {.name = "NEW",
       .help = "The site after the change, or a directory",
       .binding = store_in(o->versions.after),
       .completion = Completion::tune_file},
      {.name = "--against",
       .value = "REVISION",
       .help =
           "Compare with a revision of git, as in main; A..B compares two revisions. Nothing is checked out",
       .binding = store_in(o->versions.against)},
      {.name = "--as",
       .value = "PLATFORM",
       .help = "The new side runs this platform on all hosts, as in debian-13",
       .binding = store_in(o->versions.as),
       .completion = Completion::platform},
      {.name = "--with",
       .value = "FILE=OTHER",
       .help = "The new side reads OTHER wherever the site reads FILE: other facts, for example",
       .binding = store_in(o->versions.with)},
      {.name = "--format",
       .help = "Text for a terminal, Markdown for a pull request's comment, or one JSON document",
       .binding = store_in<DiffFormat>(
           o->format,
           {{"text", DiffFormat::text}, {"markdown", DiffFormat::markdown}, {"json", DiffFormat::json}})},
      {.name = "--group",
       .value = "N",
       .help = "Show one group in full",
       .binding = store_in(o->view.group, 0, 1'000'000)},
      {.name = "--host",
       .value = "HOST",
       .help = "Show what this host gets",
       .binding = store_in(o->view.host),
       .completion = Completion::host},
      {.name = "--files",
       .help = "Also list the rendered files that change; with --full, line by line",
       .binding = store_in(o->files)},
      {.name = "--full", .help = "Show all groups, hosts and values", .binding = store_in(o->view.full)},
      {.name = "--waves",
       .help = "Show which hosts may go together through what disturbs their guests",
       .binding = store_in(o->view.shows_waves)},
      {.name = "--keep",
       .value = "PERCENT",
       .help = "The share of each pool's CPUs that stays up in every wave",
       .binding = store_in(o->keep)},
      {.name = "--domain",
       .value = "LABEL",
       .help = "No two hosts of one such label go in the same wave (rack, if none is given)",
       .binding = store_in(o->domains)},
      {.name = "--without-facts",
       .help = "Leave out what comes of other facts and platforms",
       .binding = store_in(o->view.without_facts)},
      {.name = "--fail-on",
       .value = "WHAT",
       .help =
           "Exit with 3 if there is one of these, separated by commas: live, reload, restart, module-reload, "
           "vm-restart, reboot, risk, removal, any",
       .binding = store_in(o->fail_on)},
      {.name = "--expect",
       .help = "With none: exit with 3 if any host is touched, for refactorings",
       .binding = store_in<Expected>(o->expected,
                                     {{"anything", Expected::anything}, {"none", Expected::none}})}};
  std::vector<Option> options = with_site(o->site, std::move(own));
  options.front().name = "OLD";
  options.front().help =
      "The site before the change, or a directory that tunec compile wrote; with --against, --as "
      "or --with the site";
  options.front().binding = store_in(o->versions.before);
  return {
      .name = "diff",
      .summary = "Show what a change does to the fleet",
      .details =
          "Compares the values that the machines end up with, not lines of files: moved lines, renamed "
          "profiles "
          "and reformatting have no effect. Hosts that get the same changes are one group; hosts that differ "
          "from "
          "many others come first. Each group says what it takes until the change counts, and which line "
          "caused it. Below stand what the change means for budgets, policies and waivers.\n\n"
          "If one side is a directory that `tunec compile` wrote, files are compared, line by line.\n\n"
          "The exit code is 0, or 3 if there is something that `--fail-on` names; 1 if a side has errors, "
          "and 2 "
          "if it could not be read.",
      .options = std::move(options),
      .examples = {{"tunec diff site.tune --against main", "shows what the branch changes"},
                   {"tunec diff site.tune --as debian-13", "shows what an upgrade changes"},
                   {"tunec diff old.tune new.tune --fail-on reboot,risk", "fails if a host has to reboot"}},
      .run = [o] { return diff(*o); }};
}

}  // namespace tunec
