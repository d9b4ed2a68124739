// tunec compile: the site's files, as a directory tree or as one tar stream. Nothing is written if there is
// any error.
#include <unistd.h>

#include "base/parallel.h"
#include "base/recorded_files.h"
#include "driver/command.h"
#include "driver/unchanged_run.h"
#include "output/rendered_tree.h"
#include "output/shard.h"
#include "output/tar.h"
#include "output/tree/writer.h"

namespace tunec {
namespace {

enum class OutputFormat { tree, tar };

struct Arguments {
  SiteArguments site;
  std::string output;
  OutputFormat format = OutputFormat::tree;
  MessageFormat messages = MessageFormat::text;
  bool force = false;
  bool no_cache = false;
  bool verify_output = false;
  bool fleet_checked = false;
  std::string shard_text;
  std::optional<Shard> shard;
};

void say_result(std::size_t hosts, const TreeResult& result) {
  say(fmt::format("{} host{}, {} files: {} written, {} unchanged, {} removed", hosts, hosts == 1 ? "" : "s",
                  result.files, result.written, result.unchanged, result.removed));
}

constexpr std::string_view version = "tunec " TUNEC_VERSION;

int write(const Arguments& arguments, const RenderedFleet& rendered, const Fleet& fleet, Fingerprint& left) {
  const RenderedTree tree(rendered, version);
  if (arguments.format == OutputFormat::tar) {
    const bool to_stdout = arguments.output.empty() || arguments.output == "-";
    if (to_stdout && isatty(STDOUT_FILENO) != 0) {
      say("tunec: will not write a tar archive to a terminal; give -o FILE, or redirect");
      return exit_usage_or_io;
    }
    const std::string error = to_stdout ? write_tar(STDOUT_FILENO, tree)
                                        : write_tar_file(arguments.output, tree);
    if (error.empty()) return exit_fine;
    say("tunec: " + error);
    return exit_usage_or_io;
  }
  TreeOptions options{
      .force = arguments.force, .cache = !arguments.no_cache, .read_all = arguments.verify_output};
  if (arguments.shard) options.shard_label = shard_label(*arguments.shard, fleet);
  const TreeResult result = write_tree(arguments.output, tree, options);
  if (!result.error.empty()) {
    say(fmt::format("tunec: {}", result.error));
    return exit_usage_or_io;
  }
  say_result(rendered.hosts.size(), result);
  left = result.left;
  return exit_fine;
}

bool complete_shard(Arguments& arguments) {
  if (arguments.shard_text.empty()) return true;
  arguments.shard = shard_from(arguments.shard_text);
  if (!arguments.shard)
    say(fmt::format("tunec: --shard: `{}` is no shard; write 3/8 for the third of eight",
                    arguments.shard_text));
  return arguments.shard.has_value();
}

// All that decides what is made, beside the files that are read.
std::string decisive(const Arguments& arguments) {
  const SiteOptions& options = arguments.site.options;
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}", options.main_file, options.overlay, options.as,
                     options.today ? to_text(Value{*options.today}) : "", arguments.fleet_checked,
                     arguments.shard_text);
}

// Where another run checks the fleet, a shard plans its own hosts and writes them, without policies and
// tests. Files that depend on other hosts, as those of a mesh do, need the plan of the whole fleet, and so do
// the files of the site, which the first shard writes.
std::unique_ptr<Compilation> compile_checked_shard(const SiteOptions& whole, const Shard& shard,
                                                   const FileSystem& files) {
  const auto run = [&](const SiteOptions& options) {
    auto c = compile_site(options, files, StopAfter::plan);
    if (!c->reporter.has_errors())
      c->rendered = render_plan(c->plan(), default_backends(), c->sources, c->reporter);
    return c;
  };
  if (shard.number == 1) return run(whole);
  SiteOptions own = whole;
  own.only = [&](const std::string& host) { return shard.holds(host); };
  auto c = run(own);
  return c->rendered.joined ? run(whole) : std::move(c);
}

// The half of what a large fleet holds, which nobody looks at when all is rendered: what is written takes its
// place.
void free_syntax(Fleet& fleet) {
  constexpr std::size_t large = 20'000;
  if (fleet.hosts.size() < large) return;
  in_parallel(fleet.trees.size(), [&](std::size_t i) { fleet.trees[i].reset(); });
}

int compile(Arguments& arguments) {
  if (!arguments.site.complete() || !complete_shard(arguments)) return exit_usage_or_io;
  if (arguments.format == OutputFormat::tree && arguments.output.empty()) {
    say("tunec: compile needs -o DIRECTORY");
    return exit_usage_or_io;
  }
  progress("compiling");
  const DiskFileSystem disk;
  const bool cached = arguments.format == OutputFormat::tree && !arguments.no_cache;
  if (const auto run = cached && !arguments.verify_output
                           ? unchanged_run(arguments.output, decisive(arguments), disk)
                           : std::nullopt) {
    TreeResult result;
    result.files = result.unchanged = run->files;
    say_result(run->hosts, result);
    return exit_fine;
  }
  const RecordedFiles files(disk, sha256_hex);
  Compilation& compilation = kept(arguments.fleet_checked
                                      ? compile_checked_shard(arguments.site.options, *arguments.shard, files)
                                      : compile_site(arguments.site.options, files));
  const int status = print_diagnostics(compilation, arguments.messages);
  if (status != exit_fine) {
    if (arguments.messages == MessageFormat::text) say("nothing was written");
    return status;
  }
  progress("writing");
  RenderedFleet& rendered = compilation.rendered;
  if (arguments.shard) keep_shard(rendered, *arguments.shard);
  const auto record = cached && compilation.reporter.heard() == 0 ? files.record() : std::nullopt;
  const std::size_t hosts = rendered.hosts.size();
  free_syntax(compilation.fleet);
  Fingerprint left;
  const int written = write(arguments, rendered, compilation.fleet, left);
  if (record) record_run(arguments.output, left, decisive(arguments), hosts, *record);
  return written;
}

void declare(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("compile", "Check a site and write every host's files");
  arguments->site.declare(*command);
  command->add_option("-o,--output", arguments->output,
                      "The directory to write to, or the archive's name (- is standard output)");
  one_of<OutputFormat>(
      command->add_option("--format", arguments->format, "tree (a directory) or tar (one stream)"),
      {{"tree", OutputFormat::tree}, {"tar", OutputFormat::tar}});
  one_of<MessageFormat>(command->add_option("--messages", arguments->messages,
                                            "text, or json: one diagnostic a line on standard output"),
                        {{"text", MessageFormat::text}, {"json", MessageFormat::json}});
  command->add_flag("--force", arguments->force,
                    "Overwrite files that tunec did not write, where they are in the way");
  command->add_flag(
      "--no-cache", arguments->no_cache,
      "Do without what .tunec/cache remembers of the files that were written, and leave it alone");
  command->add_flag("--verify-output", arguments->verify_output,
                    "Read every file that was written before, whatever the cache says of it");
  CLI::Option* shard = command->add_option(
      "--shard", arguments->shard_text,
      "Only the hosts of this part of the fleet, as in 3/8: the third of eight");
  command
      ->add_flag("--fleet-checked", arguments->fleet_checked,
                 "Another run checks the fleet: do without its policies and tests")
      ->needs(shard);
  command->callback([arguments, &status] { status = compile(*arguments); });
}

}  // namespace

extern const Command command_compile{declare};

}  // namespace tunec
