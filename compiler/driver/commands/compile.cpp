// tunec compile: the site's files, as a directory tree or as one tar stream. Nothing is written if there is any error.
#include <unistd.h>

#include "base/recorded_files.h"
#include "driver/command.h"
#include "emit/rendered_tree.h"
#include "emit/shard.h"
#include "emit/tar.h"
#include "emit/tree.h"
#include "emit/tree_left.h"

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
  std::string shard_text;
  std::optional<Shard> shard;
};

void say_result(std::size_t hosts, const TreeResult& result) {
  say(fmt::format("{} host{}, {} files: {} written, {} unchanged, {} removed", hosts, hosts == 1 ? "" : "s", result.files, result.written, result.unchanged,
                  result.removed));
}

int write(const Arguments& arguments, const RenderedFleet& rendered, const Plan& plan) {
  const RenderedTree tree(rendered, "tunec " TUNEC_VERSION);
  if (arguments.format == OutputFormat::tar) {
    const bool to_stdout = arguments.output.empty() || arguments.output == "-";
    if (to_stdout && isatty(STDOUT_FILENO) != 0) {
      say("tunec: will not write a tar archive to a terminal; give -o FILE, or redirect");
      return exit_usage_or_io;
    }
    const std::string error = to_stdout ? write_tar(STDOUT_FILENO, tree) : write_tar_file(arguments.output, tree);
    if (error.empty()) return exit_fine;
    say("tunec: " + error);
    return exit_usage_or_io;
  }
  TreeOptions options{.force = arguments.force, .cache = !arguments.no_cache, .read_all = arguments.verify_output};
  if (arguments.shard) options.shard_label = shard_label(*arguments.shard, plan);
  const TreeResult result = write_tree(arguments.output, tree, options);
  if (!result.error.empty()) {
    say(fmt::format("tunec: {}", result.error));
    return exit_usage_or_io;
  }
  say_result(rendered.hosts.size(), result);
  return exit_fine;
}

bool complete_shard(Arguments& arguments) {
  if (arguments.shard_text.empty()) return true;
  arguments.shard = shard_from(arguments.shard_text);
  if (!arguments.shard) say(fmt::format("tunec: --shard: `{}` is no shard; write 3/8 for the third of eight", arguments.shard_text));
  return arguments.shard.has_value();
}

// All that decides what is made, beside the files that are read: one line.
std::string decisive(const Arguments& arguments) {
  const SiteOptions& options = arguments.site.options;
  const std::string all = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", options.main_file, options.overlay, options.as, options.today ? to_text(Value{*options.today}) : "",
                                      options.fleet_checked, arguments.shard_text);
  const Fingerprint program = fingerprint_of_program();
  return fmt::format("{:016x}{:016x} {}\n", program.bits[0], program.bits[1], sha256_hex(all));
}

bool may_be_as_left(const Arguments& arguments) {
  return arguments.format == OutputFormat::tree && !arguments.no_cache && !arguments.verify_output && fingerprint_of_program().known();
}

// The last run was made from the same, had nothing to say, and its files are as it left them.
bool is_as_left(const Arguments& arguments) {
  const auto inputs = last_inputs(arguments.output);
  const std::string begin = decisive(arguments);
  if (!inputs || !inputs->starts_with(begin)) return false;
  std::string_view rest = std::string_view(*inputs).substr(begin.size());
  const std::size_t end = std::min(rest.find('\n'), rest.size());
  const auto hosts = static_cast<std::size_t>(std::strtoull(std::string(rest.substr(0, end)).c_str(), nullptr, 10));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  if (!same_answers(rest, DiskFileSystem(), sha256_hex)) return false;
  const auto files = files_as_left(arguments.output);
  if (!files) return false;
  TreeResult result;
  result.files = result.unchanged = *files;
  say_result(hosts, result);
  return true;
}

int compile(Arguments& arguments) {
  if (!arguments.site.complete() || !complete_shard(arguments)) return exit_usage_or_io;
  if (arguments.format == OutputFormat::tree && arguments.output.empty()) {
    say("tunec: compile needs -o DIRECTORY");
    return exit_usage_or_io;
  }
  progress("compiling");
  if (may_be_as_left(arguments) && is_as_left(arguments)) return exit_fine;
  const DiskFileSystem disk;
  const RecordedFiles files(disk, sha256_hex);
  // Both live as long as the process, which is done with them when it is done: of a large fleet, freeing each part takes its time.
  static Compilation* const compilation = compile_site(arguments.site.options, files).release();
  static auto& rendered = *new RenderedFleet;
  if (!compilation->reporter.has_errors()) rendered = render_site(*compilation);
  const int status = print_diagnostics(*compilation, arguments.messages);
  if (status != exit_fine) {
    if (arguments.messages == MessageFormat::text) say("nothing was written");
    return status;
  }
  progress("writing");
  if (arguments.shard) keep_shard(rendered, *arguments.shard);
  const std::size_t hosts = rendered.hosts.size();
  const int written = write(arguments, rendered, compilation->plan());
  // Diagnostics are said anew each time, so there must be none.
  const auto record = files.record();
  if (written == exit_fine && may_be_as_left(arguments) && record && compilation->reporter.heard() == 0) {
    keep_inputs(arguments.output, fmt::format("{}{}\n{}", decisive(arguments), hosts, *record));
  }
  return written;
}

void declare(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("compile", "Check a site and write every host's files");
  arguments->site.declare(*command);
  command->add_option("-o,--output", arguments->output, "The directory to write to, or the archive's name (- is standard output)");
  one_of<OutputFormat>(command->add_option("--format", arguments->format, "tree (a directory) or tar (one stream)"), {{"tree", OutputFormat::tree}, {"tar", OutputFormat::tar}});
  one_of<MessageFormat>(command->add_option("--messages", arguments->messages, "text, or json: one diagnostic a line on standard output"), {{"text", MessageFormat::text}, {"json", MessageFormat::json}});
  command->add_flag("--force", arguments->force, "Overwrite files that tunec did not write, where they are in the way");
  command->add_flag("--no-cache", arguments->no_cache, "Do without what .tunec/cache remembers of the files that were written, and leave it alone");
  command->add_flag("--verify-output", arguments->verify_output, "Read every file that was written before, whatever the cache says of it");
  CLI::Option* shard = command->add_option("--shard", arguments->shard_text, "Only the hosts of this part of the fleet, as in 3/8: the third of eight");
  command->add_flag("--fleet-checked", arguments->site.options.fleet_checked, "Another run checks the fleet: do without its policies and tests")->needs(shard);
  command->callback([arguments, &status] { status = compile(*arguments); });
}

}  // namespace

extern const Command command_compile{declare};

}  // namespace tunec
