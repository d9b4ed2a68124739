// tunec compile: writes the site's files, as a directory tree or as one tar stream. If there is any error, it
// writes nothing.
#include <unistd.h>

#include "base/parallel.h"
#include "base/sha256.h"
#include "base/table.h"
#include "driver/cli/site_arguments.h"
#include "driver/depfile.h"
#include "driver/host_checks_stage.h"
#include "driver/leak.h"
#include "driver/present/findings/findings.h"
#include "driver/recorded_files.h"
#include "driver/today.h"
#include "driver/unchanged_run.h"
#include "output/rendered_tree.h"
#include "output/replace_file.h"
#include "output/shard.h"
#include "output/sums.h"
#include "output/tar.h"
#include "output/tree/writer.h"
#include "render/annotate.h"

namespace tunec {
namespace {

enum class OutputFormat { tree, tar };

struct Options {
  SiteArguments site;
  std::string output;
  OutputFormat format = OutputFormat::tree;
  MessageFormat messages = MessageFormat::text;
  bool force = false;
  bool no_cache = false;
  bool verify_output = false;
  bool fleet_checked = false;
  bool annotate = false;
  std::string depfile, sums;
  std::string shard_text;
  std::optional<Shard> shard;
};

void say_counts(std::size_t hosts, const TreeResult& result) {
  say_result(fmt::format("{}, {} files: {} written, {} unchanged, {} removed", counted(hosts, "host"),
                         result.files, result.written, result.unchanged, result.removed));
}

constexpr std::string_view version = "tunec " TUNEC_VERSION;

// The first line of each of our files shows that tunec wrote it, except in JSON, which has no comments.
bool is_ours(std::string_view path, std::string_view first_bytes) {
  return first_bytes.find(written_by) != std::string_view::npos ||
         (path.ends_with(".json") && first_bytes.find_first_of("{[") == 0);
}

// Prints the error, if there is one.
int status_of(const std::string& error) {
  if (error.empty()) return exit_fine;
  say("tunec: " + error);
  return exit_usage_or_io;
}

int write(const Options& options, const RenderedFleet& rendered, const Fleet& fleet, std::string inputs) {
  const RenderedTree tree(rendered, version);
  if (!options.sums.empty()) {
    if (const int status = status_of(replace_file(options.sums, sums_of(tree))); status != exit_fine)
      return status;
  }
  if (options.format == OutputFormat::tar) {
    const bool to_stdout = options.output.empty() || options.output == "-";
    if (to_stdout && isatty(STDOUT_FILENO) != 0) {
      say("tunec: will not write a tar archive to a terminal; give -o FILE, or redirect");
      return exit_usage_or_io;
    }
    return status_of(to_stdout ? write_tar(STDOUT_FILENO, tree) : write_tar_file(options.output, tree));
  }
  TreeOptions tree_options{.force = options.force,
                           .cache = !options.no_cache,
                           .read_all = options.verify_output,
                           .is_ours = is_ours};
  if (options.shard) tree_options.shard_label = shard_label(*options.shard, fleet);
  tree_options.site = fleet.site;
  tree_options.inputs = std::move(inputs);
  const TreeResult result = write_tree(options.output, tree, tree_options);
  if (const int status = status_of(result.error); status != exit_fine) return status;
  say_counts(rendered.hosts.size(), result);
  return exit_fine;
}

bool complete_shard(Options& options) {
  if (options.shard_text.empty()) return true;
  options.shard = shard_from(options.shard_text);
  if (!options.shard)
    say(fmt::format("tunec: --shard: `{}` is not a shard; write 3/8 for the third of eight",
                    options.shard_text));
  return options.shard.has_value();
}

// Everything besides the inputs that decides the output.
std::string cache_key(const Options& options) {
  const SiteOptions& site = options.site.options;
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}", site.main_file, site.overlay, site.as,
                     site.today ? to_text(Value{*site.today}) : "", options.fleet_checked, options.shard_text,
                     options.annotate);
}

// If another run checks the fleet, a shard plans and writes its own hosts only, without policies and tests.
// Two kinds of shards need the plan of the whole fleet: those whose hosts' files may depend on other hosts,
// as in a mesh; and the first, which writes the site's files.
std::unique_ptr<Compilation> compile_checked_shard(const SiteOptions& whole, const Shard& shard,
                                                   const FileSystem& files) {
  const auto run = [&](const SiteOptions& site) {
    auto c = compile_site(site, files, StopAfter::plan);
    if (!c->reporter.has_errors()) {
      c->rendered = render_plan(c->plan(), default_backends(), c->catalogue.forms(), c->sources, c->reporter);
      add_host_checks(*c);
    }
    return c;
  };
  if (shard.number == 1) return run(whole);
  SiteOptions own = whole;
  own.only = [&](const std::string& host) { return shard.holds(host); };
  auto c = run(own);
  return c->rendered.joins_hosts ? run(whole) : std::move(c);
}

// Frees half the memory of a large fleet: no stage after rendering reads the syntax trees.
void free_syntax(Fleet& fleet) {
  constexpr std::size_t large = 20'000;
  if (fleet.hosts.size() < large) return;
  in_parallel(fleet.trees.size(), [&](std::size_t i) { fleet.trees[i].reset(); });
}

// The rule's target is the archive; for a tree, it is the stamp. `record`: all inputs.
DependencyRule rule_for(const Options& options, const std::optional<std::string>& record) {
  if (options.depfile.empty()) return {};
  if (!record) return {{}, "a rule of make cannot have a name with a line end in it"};
  const bool tree = options.format == OutputFormat::tree;
  return dependency_rule(tree ? options.output + "/.tunec/cache/stamp" : options.output, *record);
}

// The stamp has the time at which the run began, so whatever changed since is newer. It is written last: if
// the run fails, make runs it again.
int write_rule(const Options& options, const DependencyRule& rule, const timespec& began) {
  if (options.depfile.empty() || !rule.error.empty()) return status_of(rule.error);
  const int status = status_of(replace_file(options.depfile, rule.text));
  if (status != exit_fine || options.format != OutputFormat::tree) return status;
  return status_of(write_stamp(options.output, began));
}

int compile(Options& options) {
  const timespec began = this_moment();
  if (!options.site.complete() || !complete_shard(options)) return exit_usage_or_io;
  options.site.options.needs_site = true;
  if (options.format == OutputFormat::tree && options.output.empty()) {
    say("tunec: compile needs -o DIRECTORY");
    return exit_usage_or_io;
  }
  if (options.format == OutputFormat::tree && options.output == "-") {
    say("tunec: a directory tree cannot go to standard output: add --format tar, or write -o ./- for a "
        "directory of that name");
    return exit_usage_or_io;
  }
  if (!options.depfile.empty() && (options.output.empty() || options.output == "-")) {
    say("tunec: --depfile needs -o FILE: what goes to standard output is no target of a rule");
    return exit_usage_or_io;
  }
  progress("compiling");
  const DiskFileSystem disk;
  const bool cached = options.format == OutputFormat::tree && !options.no_cache;
  if (const auto run = cached && !options.verify_output && options.sums.empty()
                           ? unchanged_run(options.output, cache_key(options), disk)
                           : std::nullopt) {
    TreeResult result;
    result.files = result.unchanged = run->files;
    say_counts(run->hosts, result);
    return write_rule(options, rule_for(options, run->record), began);
  }
  const RecordedFiles files(disk, sha256_hex);
  Compilation& compilation = leak_until_exit(
      options.fleet_checked ? compile_checked_shard(options.site.options, *options.shard, files)
                            : compile_site(options.site.options, files));
  FindingsPrinter printer(options.messages);
  const int status = printer.print_site(compilation, options.site.options.main_file);
  printer.finish();
  if (status != exit_fine) {
    if (options.messages == MessageFormat::text) say_result("nothing was written");
    return status;
  }
  progress("writing");
  RenderedFleet& rendered = compilation.rendered;
  if (options.shard) keep_shard(rendered, *options.shard);
  if (options.annotate) annotate(rendered, compilation.sources);
  // A run with any diagnostic must not be skipped next time.
  const auto record = files.record();
  const DependencyRule rule = rule_for(options, record);
  if (!rule.error.empty()) return status_of(rule.error);
  const bool may_skip = record && cached && compilation.reporter.report_count() == 0;
  const std::string inputs = may_skip ? recorded_run(cache_key(options), rendered.hosts.size(), *record) : "";
  free_syntax(compilation.fleet);
  const int written = write(options, rendered, compilation.fleet, inputs);
  return written != exit_fine ? written : write_rule(options, rule, began);
}

}  // namespace

Command command_compile() {
  const auto o = std::make_shared<Options>();
  return {
      .name = "compile",
      .summary = "Check a site and write the files of every host",
      .details =
          "Nothing is written if there is any error. Files that would not change are left alone. Files of "
          "an earlier run that are no longer needed are removed, and only those. The last line on standard "
          "error counts the files.\n\n"
          "`--shard` selects hosts by their names alone: the first eight bytes of the SHA-256 of the name, "
          "as a number with the highest byte first, modulo the number of shards. Shard 1 also writes the "
          "files of the site.\n\n"
          "`--depfile` writes a rule for make and ninja. Its target is DIRECTORY/.tunec/cache/stamp, which "
          "every such run touches, or the archive.",
      .options = with_site(
          o->site,
          {{.name = "--output",
            .letter = 'o',
            .value = "DIRECTORY",
            .help = "The directory to write to, or the file name of the archive; - is standard output",
            .binding = store_in(o->output),
            .completion = Completion::directory},
           {.name = "--format",
            .help = "A directory tree, or one tar stream of the same tree",
            .binding = store_in<OutputFormat>(o->format,
                                              {{"tree", OutputFormat::tree}, {"tar", OutputFormat::tar}})},
           findings_format_option(o->messages, "--messages"),
           {.name = "--annotate",
            .help = "Write above each line, as a comment, where its settings were stated, in all files that "
                    "can have comments",
            .binding = store_in(o->annotate)},
           {.name = "--depfile",
            .value = "FILE",
            .help = "Also write a rule for make and ninja, with every file that was read",
            .binding = store_in(o->depfile),
            .completion = Completion::file,
            .excludes = "--no-cache"},
           {.name = "--sums",
            .value = "FILE",
            .help = "Also write the SHA-256 of every file, for sha256sum --check in DIRECTORY",
            .binding = store_in(o->sums),
            .completion = Completion::file},
           {.name = "--force",
            .help = "Overwrite files that are in the way although tunec did not write them, and replace the "
                    "files of another site",
            .binding = store_in(o->force)},
           {.name = "--no-cache",
            .help = "Neither read nor write DIRECTORY/.tunec/cache",
            .binding = store_in(o->no_cache)},
           {.name = "--verify-output",
            .help = "Read every file of the output, even if the cache says that it is unchanged",
            .binding = store_in(o->verify_output)},
           {.name = "--shard",
            .value = "I/N",
            .help = "Write only the hosts of this part of the fleet: 3/8 is the third of eight",
            .binding = store_in(o->shard_text)},
           {.name = "--fleet-checked",
            .help = "Skip policies and tests, because another run checks the whole fleet",
            .binding = store_in(o->fleet_checked),
            .needs = "--shard"},
           strict_option()}),
      .examples = {{"tunec compile site.tune -o out", "writes out/HOST/etc/... for each host"},
                   {"tunec compile site.tune --format tar | ssh build tar x", "sends the tree elsewhere"}},
      .run = [o] { return compile(*o); }};
}

}  // namespace tunec
