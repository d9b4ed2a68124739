// tunec merge-manifests: what shards wrote, as the one list that a whole run would have written.
#include <cstdio>
#include <fstream>

#include "driver/command.h"
#include "emit/merge_index.h"

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

bool write(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (file && std::rename(part.c_str(), path.c_str()) == 0) return true;
  std::remove(part.c_str());
  say(fmt::format("tunec: {}: cannot be written", path));
  return false;
}

int merge(const Arguments& arguments) {
  const DiskFileSystem disk;
  std::vector<ShardManifest> shards;
  for (const std::string& path : arguments.shards) {
    ShardManifest shard{state_of(path), {}, {}};
    for (const auto& [name, text] : {std::pair{"/.tunec/files", &shard.lines}, {"/.tunec/shard", &shard.label}}) {
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
  if (!merged.error.empty()) {
    say("tunec: " + merged.error);
    return exit_usage_or_io;
  }
  if (!arguments.output.empty() && arguments.output != "-") return write(arguments.output, merged.lines) ? exit_fine : exit_usage_or_io;
  print(merged.lines);
  return exit_fine;
}

void declare(CLI::App& app, int& status) {
  auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand("merge-manifests", "Join the lists of what shards wrote into a whole run's");
  command->add_option("shards", arguments->shards, "The output directories of all shards of a fleet, or their .tunec/files")->required();
  command->add_option("-o,--output", arguments->output, "Where to write the list (- is standard output)");
  command->callback([arguments, &status] { status = merge(*arguments); });
}

}  // namespace

extern const Command command_merge_manifests{declare};

}  // namespace tunec
