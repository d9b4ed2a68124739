// tunec merge-manifests: what shards wrote, as the one list that a whole run would have written.
#include "output/merge_manifests.h"
#include "driver/command.h"

namespace tunec {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 34;

struct Arguments {
  std::vector<std::string> shards;
  std::string output;
};

// A shard's output directory, or the list in it.
std::string state_of(std::string path) {
  constexpr std::string_view list = "/.tunec/files";
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (path.ends_with(list)) path.resize(path.size() - list.size());
  return path;
}

int merge(const Arguments& arguments) {
  const DiskFileSystem disk;
  std::vector<ShardManifest> shards;
  for (const std::string& path : arguments.shards) {
    ShardManifest shard{state_of(path), {}, {}};
    for (const auto& [name, text] :
         {std::pair{"/.tunec/files", &shard.lines}, {"/.tunec/shard", &shard.label}}) {
      auto read = disk.read(shard.where + name, most_bytes);
      if (const auto* error = std::get_if<ReadError>(&read)) {
        if (text == &shard.label && error->reason == no_such_file) continue;  // a whole run's has none
        say(fmt::format("tunec: {}{}: {}", shard.where, name, error->reason));
        return exit_usage_or_io;
      }
      *text = std::get<std::string>(std::move(read));
    }
    shards.push_back(std::move(shard));
  }
  const MergedManifest merged = merge_manifests(shards);
  std::string error = merged.error;
  const bool to_stdout = arguments.output.empty() || arguments.output == "-";
  if (error.empty() && to_stdout) print(merged.lines);
  if (error.empty() && !to_stdout) error = write_manifest(arguments.output, merged.lines);
  if (error.empty()) return exit_fine;
  say("tunec: " + error);
  return exit_usage_or_io;
}

void declare(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("merge-manifests",
                                         "Join the lists of what shards wrote into a whole run's");
  command
      ->add_option("shards", arguments->shards,
                   "The output directories of all shards of a fleet, or their .tunec/files")
      ->required();
  command->add_option("-o,--output", arguments->output, "Where to write the list (- is standard output)");
  command->callback([arguments, &status] { status = merge(*arguments); });
}

}  // namespace

extern const Command command_merge_manifests{declare};

}  // namespace tunec
