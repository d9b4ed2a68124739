// tunec shards: a Ninja file that compiles a fleet in shards, here or through a launcher on many machines.
#include <fmt/core.h>

#include "driver/cli/site_arguments.h"

namespace tunec {
namespace {

struct Options {
  SiteArguments site;
  std::string output, launcher;
  std::size_t count = 0;
};

std::string shell_word(std::string_view text) {
  constexpr std::string_view plain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,@%+";
  if (!text.empty() && text.find_first_not_of(plain) == text.npos) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

// Ninja's escapes: in a value, and in a path of a list.
std::string in_value(std::string_view text) {
  std::string value;
  for (const char c : text) value += c == '$' ? std::string("$$") : std::string(1, c);
  return value;
}
std::string in_path(std::string_view text) {
  std::string path;
  for (const char c : text)
    path += c == '$' || c == ' ' || c == ':' ? std::string("$") + c : std::string(1, c);
  return path;
}

// The first of the texts that Ninja's file cannot contain, since Ninja has no escape for it, and why.
std::string fault_of(const Options& options, const std::vector<std::string>& inputs) {
  const auto fault = [](std::string_view text, std::string_view characters) {
    return text.find_first_of(characters) != text.npos;
  };
  std::vector<std::string_view> paths(inputs.begin(), inputs.end());
  paths.push_back(options.output);
  for (const std::string_view path : paths) {
    if (fault(path, "|\n\r"))
      return fmt::format("`{}`: Ninja takes no `|` and no line break in a path", path);
  }
  for (const std::string_view text :
       {std::string_view(options.launcher), std::string_view(options.site.options.overlay)}) {
    if (fault(text, "\n\r")) return fmt::format("`{}`: Ninja takes no line break in a command", text);
  }
  return {};
}

// A path that begins with `-` must not be taken for an option.
std::string as_path(const std::string& path) { return path.starts_with('-') ? "./" + path : path; }

std::string ninja(const Options& options, const std::vector<std::string>& inputs) {
  const auto& site_options = options.site.options;
  std::string more, reads, lists;
  if (!site_options.overlay.empty()) more += " --stdlib " + shell_word(site_options.overlay);
  if (!options.site.today.empty()) more += " --today " + options.site.today;
  for (const std::string& input : inputs) reads += " " + in_path(input);
  const std::string site = shell_word(as_path(site_options.main_file)), output = in_path(options.output),
                    checked = output + "/checked";
  const std::string launcher = options.launcher.empty() ? "" : in_value(options.launcher) + " ";
  std::string text = fmt::format(
      "# Written by `tunec shards`: a fleet in {0} shards. Run it with `ninja -f FILE`.\n"
      "rule check\n  command = mkdir -p {1} && {2}tunec check {3}{4} && touch $out\n"
      "rule shard\n  command = {2}tunec compile {3}{4} --shard $shard --fleet-checked -o $directory\n  "
      "restat = 1\n"
      "rule merge\n  command = tunec merge-manifests $in -o $out\n\n"
      "build {5}: check{6}\n",
      options.count, in_value(shell_word(options.output)), launcher, in_value(site), in_value(more), checked,
      reads);
  for (std::size_t number = 1; number <= options.count; ++number) {
    const std::string list = fmt::format("{}/{}/.tunec/files", output, number);
    text += fmt::format("build {}: shard{} || {}\n  shard = {}/{}\n  directory = {}\n", list, reads, checked,
                        number, options.count,
                        in_value(shell_word(fmt::format("{}/{}", options.output, number))));
    lists += " " + list;
  }
  return text + fmt::format("build {}/files: merge{}\n", output, lists);
}

int shards(Options& options) {
  if (!options.site.complete()) return exit_usage_or_io;
  options.site.options.needs_site = true;
  const auto compilation = compile_site(options.site.options, DiskFileSystem(), StopAfter::resolve);
  if (const int status = print_diagnostics(*compilation, MessageFormat::text); status != exit_fine)
    return status;
  std::vector<std::string> inputs;
  for (std::uint32_t i = 0; i < compilation->sources.size(); ++i) {
    const FileId file{i};
    if (!compilation->sources.shipped(file)) inputs.emplace_back(compilation->sources.name(file));
  }
  if (const std::string fault = fault_of(options, inputs); !fault.empty()) {
    say("tunec: shards: " + fault);
    return exit_usage_or_io;
  }
  print(ninja(options, inputs));
  return exit_fine;
}

}  // namespace

Command command_shards() {
  const auto o = std::make_shared<Options>();
  return {
      .name = "shards",
      .summary = "Print a Ninja file that checks a site once and compiles it in shards",
      .details =
          "Each shard is written to a directory of its own below DIRECTORY, and their file lists "
          "are joined at the end. Ninja runs the shards here, or through `--launcher` elsewhere.",
      .options = with_site(o->site,
                           {{.name = "--ninja",
                             .letter = 'n',
                             .value = "N",
                             .help = "The number of shards",
                             .binding = store_in(o->count, 1, 1'000'000),
                             .required = true},
                            {.name = "--output",
                             .letter = 'o',
                             .value = "DIRECTORY",
                             .help = "The directory for the output directories of the shards",
                             .binding = store_in(o->output),
                             .required = true,
                             .completion = Completion::directory},
                            {.name = "--launcher",
                             .value = "COMMAND",
                             .help = "A command that runs another elsewhere, as in `srun -n1`; it is put "
                                     "before check and compile",
                             .binding = store_in(o->launcher)}}),
      .examples = {{"tunec shards site.tune --ninja 16 -o out > fleet.ninja", "prints a build in 16 shards"}},
      .run = [o] { return shards(*o); }};
}

}  // namespace tunec
