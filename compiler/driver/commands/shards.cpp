// tunec shards: a fleet's shards as a Ninja file, for whatever runs commands on many machines.
#include "driver/command.h"

namespace tunec {
namespace {

struct Arguments {
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

// In a value, or in a path among others.
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

std::string ninja(const Arguments& arguments, const std::vector<std::string>& inputs) {
  const auto& options = arguments.site.options;
  std::string more, reads, lists;
  if (!options.overlay.empty()) more += " --stdlib " + shell_word(options.overlay);
  if (!arguments.site.today.empty()) more += " --today " + arguments.site.today;
  for (const std::string& input : inputs) reads += " " + in_path(input);
  const std::string site = shell_word(options.main_file), output = in_path(arguments.output),
                    checked = output + "/checked";
  const std::string launcher = arguments.launcher.empty() ? "" : in_value(arguments.launcher) + " ";
  std::string text = fmt::format(
      "# Written by `tunec shards`: a fleet in {0} shards. Run it with `ninja -f FILE`.\n"
      "rule check\n  command = mkdir -p {1} && {2}tunec check {3}{4} && touch $out\n"
      "rule shard\n  command = {2}tunec compile {3}{4} --shard $shard --fleet-checked -o $directory\n  "
      "restat = 1\n"
      "rule merge\n  command = tunec merge-manifests $in -o $out\n\n"
      "build {5}: check{6}\n",
      arguments.count, in_value(shell_word(arguments.output)), launcher, in_value(site), in_value(more),
      checked, reads);
  for (std::size_t number = 1; number <= arguments.count; ++number) {
    const std::string list = fmt::format("{}/{}/.tunec/files", output, number);
    text += fmt::format("build {}: shard{} || {}\n  shard = {}/{}\n  directory = {}\n", list, reads, checked,
                        number, arguments.count,
                        in_value(shell_word(fmt::format("{}/{}", arguments.output, number))));
    lists += " " + list;
  }
  return text + fmt::format("build {}/files: merge{}\n", output, lists);
}

int shards(Arguments& arguments) {
  if (!arguments.site.complete()) return exit_usage_or_io;
  const auto compilation = compile_site(arguments.site.options, DiskFileSystem(), StopAfter::resolve);
  if (const int status = print_diagnostics(*compilation, MessageFormat::text); status != exit_fine)
    return status;
  std::vector<std::string> inputs;
  for (std::uint32_t i = 0; i < compilation->sources.size(); ++i) {
    const FileId file{i};
    if (!compilation->sources.shipped(file)) inputs.emplace_back(compilation->sources.name(file));
  }
  print(ninja(arguments, inputs));
  return exit_fine;
}

void declare(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "shards", "Print a Ninja file that checks a site once and compiles it in shards");
  arguments->site.declare(*command);
  command->add_option("-n,--ninja", arguments->count, "How many shards")
      ->required()
      ->check(CLI::Range(1, 1'000'000));
  command
      ->add_option("-o,--output", arguments->output,
                   "The directory below which each shard gets one of its own")
      ->required();
  command->add_option("--launcher", arguments->launcher,
                      "What runs a command elsewhere, as in `srun -n1`: put before check and compile");
  command->callback([arguments, &status] { status = shards(*arguments); });
}

}  // namespace

extern const Command command_shards{declare};

}  // namespace tunec
