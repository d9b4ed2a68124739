// tunec diff: what a change does to the fleet.
#include <algorithm>

#include "base/suggest.h"
#include "driver/cli/site_arguments.h"
#include "driver/git_files.h"
#include "driver/leak.h"
#include "driver/present/knob.h"
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
  std::string before, after;
  SiteArguments site;
  std::string against, as;
  std::string with, fail_on, domains;
  std::string group_text;
  std::string keep = "75%";
  DiffFormat format = DiffFormat::text;
  Expected expected = Expected::anything;
  ReviewView view;
};

// One side: where it is read from, and what people call it.
struct Version {
  std::string main_file, name;
  std::string as;
  std::shared_ptr<const FileSystem> files;
};

// The same files, but one that stands in the place of another.
class ReplacedFile final : public FileSystem {
 public:
  ReplacedFile(std::shared_ptr<const FileSystem> files, std::string path, std::string other)
      : files_(std::move(files)), path_(std::move(path)), other_(std::move(other)) {}
  std::variant<std::string, ReadError> read(const std::string& path, std::size_t limit) const override {
    return files_->read(path == path_ ? other_ : path, limit);
  }
  std::vector<std::string> list(const std::string& directory) const override {
    return files_->list(directory);
  }

 private:
  std::shared_ptr<const FileSystem> files_;
  std::string path_, other_;
};

std::shared_ptr<const FileSystem> disk() { return {std::shared_ptr<void>(), &site_files()}; }

// The two sides, or nothing after an error message.
std::optional<std::pair<Version, Version>> versions(const Options& options) {
  Version before{options.before, options.before, "", disk()};
  Version after{options.after.empty() ? options.before : options.after, "", "", disk()};
  after.name = after.main_file;
  if (!options.against.empty()) {
    const std::size_t dots = options.against.find("..");
    const std::string old = options.against.substr(0, dots);
    const std::string now = dots == std::string::npos ? "" : options.against.substr(dots + 2);
    for (const auto& [version, revision] : {std::pair{&before, old}, {&after, now}}) {
      if (revision.empty()) continue;
      GitResult opened = open_revision(version->main_file, revision);
      if (const auto* error = std::get_if<std::string>(&opened)) {
        say("tunec: --against: " + *error);
        return std::nullopt;
      }
      version->files = std::get<std::unique_ptr<FileSystem>>(std::move(opened));
      version->name = revision;
    }
    if (now.empty()) after.name = "working tree";
  }
  if (!options.as.empty()) {
    const auto knowledge = open_knowledge(options.site.options.overlay, DiskFileSystem());
    const auto platform = knowledge->platforms.named(options.as);
    if (!platform) {
      say(no_such_platform(*knowledge, "--as", options.as));
      return std::nullopt;
    }
    after.as = *platform;
    after.name += " as " + *platform;
  }
  if (!options.with.empty()) {
    const std::size_t equals = options.with.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == options.with.size()) {
      say(fmt::format("tunec: --with: write FILE=OTHER, not `{}`", options.with));
      return std::nullopt;
    }
    after.files = std::make_shared<ReplacedFile>(after.files, options.with.substr(0, equals),
                                                 options.with.substr(equals + 1));
    after.name += " with " + options.with;
  }
  if (options.after.empty() && options.against.empty() && options.as.empty() && options.with.empty()) {
    say("tunec: diff needs a second side: another site, or `--against REVISION`, `--as PLATFORM`, `--with "
        "FILE=OTHER`");
    return std::nullopt;
  }
  return std::pair{std::move(before), std::move(after)};
}

// Only errors are said: what else was found before and after is part of the review.
int say_errors(const Compilation& c, const Version& version) {
  if (!c.reporter.has_errors()) return exit_fine;
  say(fmt::format("tunec: errors in {}:", version.name));
  const bool quiet = std::exchange(terminal_options().quiet, true);
  const int status = print_diagnostics(c, MessageFormat::text);
  terminal_options().quiet = quiet;
  return status;
}

// Of a list with commas.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
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
                    near ? fmt::format(", did you mean `{}`?", *near) : "", fmt::join(failing_words, ", ")));
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
        (!c.begun.empty() || !c.waivers_begun.empty() ||
         std::ranges::any_of(review.changes, [](const Change& change) { return !change.risk.empty(); })))
      return true;
    for (const Change& change : review.changes) {
      if (change.is_felt && kinds[change.effect].word == word) return true;
    }
  }
  return false;
}

EffectKinds kinds_of(const Compilation& c) {
  const ShippedFile* file = c.library.find("stdlib/review.packed");
  return EffectKinds(*yaml::unpacked(file->text));
}

int diff(Options& options) {
  if (!complete(options)) return exit_usage_or_io;
  const auto both = versions(options);
  if (!both) return exit_usage_or_io;
  std::vector<Compilation*> sides;
  int status = exit_fine;
  for (const Version& version : {both->first, both->second}) {
    progress("compiling " + version.name);
    SiteOptions site = options.site.options;
    site.main_file = version.main_file;
    site.as = version.as;
    site.needs_site = true;
    sides.push_back(&leak_until_exit(compile_site(site, *version.files, StopAfter::render)));
    status = std::max(status, say_errors(*sides.back(), version));
  }
  if (status == exit_usage_or_io || sides[0]->plan().hosts.empty() || sides[1]->plan().hosts.empty())
    return std::max<int>(status, exit_errors);
  progress("comparing");
  const BootState before_state(sides[0]->plan(), sides[0]->catalogue, sides[0]->boot_order),
      after_state(sides[1]->plan(), sides[1]->catalogue, sides[1]->boot_order);
  const auto side = [](Compilation& c, const BootState& state) {
    return Side{c.plan(), {c.fleet, c.catalogue, c.sources, c.waivers, state, true}, c.reporter, c.today};
  };
  const EffectKinds kinds = kinds_of(*sides[1]);
  ReviewView& view = options.view;
  view.before = both->first.name;
  view.after = both->second.name;
  const Review review = narrowed(
      review_of(side(*sides[0], before_state), side(*sides[1], after_state), kinds), kinds, view);
  WaveOptions waves;
  waves.keep_percent = view.keep_percent;
  if (!options.domains.empty()) waves.domains = words_of(options.domains);
  const Waves groups = waves_of(review, sides[1]->plan(), kinds, waves);
  switch (options.format) {
    case DiffFormat::text: print_text(review_text(review, kinds, groups, view, output_style())); break;
    case DiffFormat::markdown: print(review_markdown(review, kinds, groups, view)); break;
    case DiffFormat::json: print(review_json(review, kinds, groups, view)); break;
  }
  if (status != exit_fine) return status;
  return fails(options, review, kinds) ? exit_found : exit_fine;
}

}  // namespace

Command command_diff() {
  const auto o = std::make_shared<Options>();
  std::vector<Option> own{
      {.name = "NEW",
       .help = "The site after the change, if it is another file",
       .binding = store_in(o->after),
       .completion = Completion::tune_file},
      {.name = "--against",
       .value = "REVISION",
       .help =
           "Compare with a revision of git, as in main; A..B compares two revisions. Nothing is checked out",
       .binding = store_in(o->against)},
      {.name = "--as",
       .value = "PLATFORM",
       .help = "The new side runs this platform on all hosts, as in debian-13",
       .binding = store_in(o->as),
       .completion = Completion::platform},
      {.name = "--with",
       .value = "FILE=OTHER",
       .help = "The new side reads OTHER wherever the site reads FILE: other facts, for example",
       .binding = store_in(o->with)},
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
  options.front().help = "The site before the change, or with --against and --as the site";
  options.front().binding = store_in(o->before);
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
